using Palimpsest.Lab.Facts;
using Palimpsest.Lab.Tests.Trials;
using Palimpsest.Lab.Trials;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Facts;

/// <summary>A machine is what its inputs tell together: the kernel's word before the tree's, the tree's before a guess.</summary>
public sealed class RecordedMachineTests : IDisposable
{
    private const ulong MiB = 1 << 20;

    private static readonly BoardInput Flat = new() { RamBytes = 64 * MiB };

    private readonly MachineSketch _sketch = new();

    public void Dispose() => _sketch.Dispose();

    [Fact]
    public void InputsThatAgreeLeaveNoNote()
    {
        RecordedMachine machine = _sketch.Zone(cma: 4096).File("dmesg", Log("cma: Reserved 16 MiB at 0x0000000041000000")).Machine(Flat);

        Assert.Empty(machine.Notes);
        Assert.Equal((0x41000000UL, 16 * MiB), Pool(machine));
        Assert.Equal(16 * MiB, machine.Facts.First(fact => fact.Kind == FactKind.Cma).Value);
    }

    [Fact]
    public void ACmaAreaLiesWhereTheLogSays()
    {
        RecordedMachine machine = _sketch.Zone(1012736, 0, 16384)
            .File("dmesg", "[    0.0] Reserved memory: created CMA memory pool at 0x000000002ac00000, size 64 MiB\n")
            .Machine(new BoardInput { TreePath = Tree("pool-placed-by-the-log.dtb") });

        Assert.Equal((0x2ac00000UL, 64 * MiB), Pool(machine));
        Assert.Contains(machine.Notes, note => note.Contains("it lies where the kernel log says", StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutTheLogTheAssumedPlaceStays()
    {
        RecordedMachine machine = _sketch.Zone(1012736, 0, 16384).Machine(new BoardInput { TreePath = Tree("pool-placed-by-the-log.dtb") });

        Assert.Equal((0x37400000UL, 64 * MiB), Pool(machine));
        Assert.Empty(machine.Notes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8192)]
    public void AnAssumedPoolThatZoneInfoDoesNotCountIsGivenUpOrNoted(long counted)
    {
        RecordedMachine machine = _sketch.Zone(1012736, 0, counted)
            .Machine(new BoardInput { TreePath = Tree("pool-placed-by-the-log.dtb") });

        Assert.Equal(counted == 0 ? 0 : 1, machine.Board.CmaPools.Count);
        Assert.Contains("counts 0 MiB of CMA without it|CMA areas have 32 MiB".Split('|')[counted == 0 ? 0 : 1],
            Assert.Single(machine.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void APoolThatCouldNotBeActivatedIsOrdinaryMemory()
    {
        RecordedMachine machine = _sketch.Zone(1012736, 0, 0)
            .File("dmesg", Log(
                "OF: reserved mem: 0x000000002ac00000..0x000000002ebfffff (65536 KiB) map reusable linux,cma",
                "cma: CMA area linux,cma could not be activated"))
            .Machine(new BoardInput { TreePath = Tree("pool-placed-by-the-log.dtb") });

        Assert.Empty(machine.Board.CmaPools);
    }

    [Fact]
    public void CmaThatNobodyPlacesIsNoted() => Assert.Contains("counts 16 MiB of CMA, and nothing says where",
        Assert.Single(_sketch.Zone(cma: 4096).Machine(Flat).Notes), StringComparison.Ordinal);

    [Fact]
    public void WhatTheUserAsksForCountsBeforeTheLog()
    {
        RecordedMachine machine = _sketch.Zone(cma: 4096).File("dmesg", Log("cma: Reserved 16 MiB at 0x0000000041000000"))
            .Machine(Flat with { CmaAreas = [new CmaInput(16 * MiB, 0x40800000)] });

        Assert.Equal((0x40800000UL, 16 * MiB), Pool(machine));
        Assert.Contains("Told twice: a CMA area lies at", Assert.Single(machine.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void ASnapshotWithOtherPagesIsRefused()
    {
        string message = Assert.Throws<InputException>(() => _sketch.Zone(present: 4096, start: 0x10000).Machine(Flat)).Message;

        Assert.Contains("the machine has 16 MiB, but --ram says 64 MiB", message, StringComparison.Ordinal);
        Assert.Contains("--page-size", message, StringComparison.Ordinal);
    }

    [Fact]
    public void MeminfoTellsThePageSize()
    {
        RecordedMachine machine = _sketch.Zone(present: 4096, start: 0x10000).File("meminfo",
            "MemTotal:          59136 kB\n").Machine(Flat);

        Assert.Equal(16384, machine.Geometry.PageBytes);
        Assert.Empty(machine.Notes);
        Assert.Contains("the page size is 4 KiB", Assert.Throws<InputException>(
            () => _sketch.Machine(Flat with { PageBytes = 4096 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLogTellsThePageSizeToo() => Assert.Equal(65536, _sketch.Zone(present: 1024, start: 0x4000)
        .File("dmesg", Log("Memory: 40000K/65536K available (100K kernel code)")).Machine(Flat).Geometry.PageBytes);

    [Fact]
    public void ASnapshotOfALargerMachineIsRefused() => Assert.Contains("two machines",
        Assert.Throws<InputException>(() => _sketch.Zone(present: 20000).Machine(Flat)).Message, StringComparison.Ordinal);

    [Fact]
    public void FlatMemoryBeginsWhereTheSnapshotSays() =>
        Assert.Equal(0x80000000UL, _sketch.Zone(start: 0x80000).Machine(Flat).Board.Banks[0].Range.Start.Value);

    [Fact]
    public void ATreeAtAnotherPlaceIsRefused() => Assert.Contains("RAM begins at", Assert.Throws<InputException>(
        () => _sketch.Zone(524288, 0x200000).Machine(new BoardInput { TreePath = TrialFiles.Board })).Message, StringComparison.Ordinal);

    [Fact]
    public void TheCommandLineOfTheLogIsFollowed()
    {
        RecordedMachine machine = _sketch.Zone(present: 262144).File("dmesg", Log("Kernel command line: mem=1G transparent_hugepage=never"))
            .Machine(new BoardInput { TreePath = TrialFiles.Board });

        Assert.Equal((1024 * MiB, true), (machine.Board.DataBytes, machine.Board.NoHugePages));
        Assert.Contains(machine.Notes, note => note.StartsWith("mem= of the kernel log", StringComparison.Ordinal));
    }

    [Fact]
    public void AnotherModelIsNoted() => Assert.Contains(
        _sketch.Zone(524288).File("dmesg", Log("Machine model: Some Phone")).Machine(new BoardInput { TreePath = TrialFiles.Board }).Notes,
        note => note.StartsWith("Told twice: the machine is \"Some Phone\"", StringComparison.Ordinal));

    [Fact]
    public void ReleasesAreHeldAgainstEachOther()
    {
        RecordedMachine machine = _sketch.Zone().File("dmesg", Log()).Machine(Flat, release: "6.12");

        Assert.Contains("the release of Linux is 6.12 by --kernel, 6.1 by", Assert.Single(machine.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void MoreCpusInTheRecordingAreNoted() => Assert.Contains(
        "CPUs: 2 by the recording, 1 by",
        Assert.Single(Flat.Read(_sketch.Zone(cpus: 1).Read(), Recording.Of("alloc 40010", "alloc 40011 cpu1")).Notes),
            StringComparison.Ordinal);

    [Fact]
    public void ThePageblockOrderOfTheUserIsHeldAgainstPagetypeinfo()
    {
        RecordedMachine machine = _sketch.Zone().File("pagetypeinfo",
            "Page block order: 9\nNode    0, zone      DMA, type    Movable      1 0 0 0 0 0 0 0 0 0 1\n").Machine(
                Flat with { PageBlockOrder = 10 });

        Assert.Equal(10, machine.Geometry.PageBlockOrder);
        Assert.Contains("the order of a pageblock is 10 by --pageblock-order, 9 by", Assert.Single(machine.Notes),
            StringComparison.Ordinal);
    }

    [Fact]
    public void ATreeMayBePacked()
    {
        using RecordedTree packed = new(File.ReadAllBytes(TrialFiles.Board));

        Assert.True(TreeFile.IsTree(packed.Path));
        Assert.Equal(TreeFile.Read(TrialFiles.Board).Root.Children.Count, TreeFile.Read(packed.Path).Root.Children.Count);
        Assert.False(TreeFile.IsTree(TrialFiles.Trace));
    }

    private static (ulong, ulong) Pool(RecordedMachine machine) =>
        Assert.Single(machine.Board.CmaPools) is var pool ? (pool.Range.Start.Value, pool.Range.Bytes) : default;

    private static string Tree(string file) => Path.Combine(AppContext.BaseDirectory, "Boards", file);

    private static string Log(params string[] lines) => string.Concat(
        lines.Prepend("Linux version 6.1.0-56-arm64 (debian-kernel@lists.debian.org)").Select(line => $"[    0.000000] {line}\n"));

    private sealed class RecordedTree : IDisposable
    {
        public RecordedTree(byte[] tree)
        {
            using System.IO.Compression.GZipStream packed = new(File.Create(Path), System.IO.Compression.CompressionLevel.Fastest);
            packed.Write(tree);
        }

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
