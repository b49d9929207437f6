using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>What /chosen and the release say of memory is followed as Linux does, or named as not followed.</summary>
public sealed class BootMemoryTests
{
    [Theory]
    [InlineData("mem=1G", 1024UL)]
    [InlineData("console=ttyAMA0 mem=512M quiet", 512UL)]
    [InlineData("mem=0x30000000", 768UL)]
    [InlineData("mem=1G mem=256m", 256UL)]
    [InlineData("mem=4G", 3072UL)]
    [InlineData("mem=0", 3072UL)]
    [InlineData("init=/bin/sh -- mem=1G", 3072UL)]
    [InlineData("a=\"b mem=1G\"", 3072UL)]
    [InlineData("mem=99999999999999999999999999G", 3072UL)]
    public void MemLeavesTheLowestRam(string arguments, ulong mebibytes)
    {
        MemoryBoard board = Booted(arguments);

        Assert.Equal(mebibytes * MiB, board.DataBytes);
        Assert.Equal(mebibytes < 3072, board.Notes.Any(note => note.StartsWith("mem= of /chosen/bootargs leaves",
            StringComparison.Ordinal)));
    }

    [Fact]
    public void MemCountsOverTheHole() =>
        Assert.Equal(
            [Range(0x40000000, GiB), Range(0x100000000, GiB / 2)], Booted("mem=1536M").Banks.Select(bank => bank.Range));

    [Fact]
    public void CmaWithAnAddressIsThere()
    {
        CmaPool pool = Assert.Single(Booted("mem=1G cma=128M@0x60000000").CmaPools);

        Assert.Equal((Range(0x60000000, 128 * MiB), false), (pool.Range, pool.IsDynamic));
        Assert.Contains("/chosen/bootargs", pool.Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cma=64M", 0x7c000000UL)]
    [InlineData("cma=63M", 0x7c000000UL)]
    [InlineData("cma=64M@0x40000000-0x60000000", 0x5c000000UL)]
    [InlineData("cma=16M cma=64M", 0x7c000000UL)]
    public void CmaWithoutAnAddressGoesToTheTopOfWhatDevicesReach(string arguments, ulong start)
    {
        CmaPool pool = Assert.Single(Booted(arguments).CmaPools);

        Assert.Equal((Range(start, 64 * MiB), true), (pool.Range, pool.IsDynamic));
    }

    [Theory]
    [InlineData("cma=0")]
    [InlineData("cma=64M@0x60001000")]
    [InlineData("cma=64M@0x90000000")]
    [InlineData("cma=8G")]
    [InlineData("cma=16E@1")]
    public void ThereIsNoAreaWhereLinuxMakesNone(string arguments)
    {
        MemoryBoard board = Booted(arguments);

        Assert.Empty(board.CmaPools);
        Assert.Equal(arguments == "cma=0" ? 0 : 1, board.Notes.Count(note => note.StartsWith("cma= of", StringComparison.Ordinal)));
    }

    [Fact]
    public void CmaTakesThePlaceOfTheDefaultPoolAlone()
    {
        NodeSketch[] pools =
        [
            Pool("fallback").Wide("size", 32 * MiB).Flag("linux,cma-default"),
            Pool("camera@44000000").Wide("reg", 0x44000000, 8 * MiB),
        ];
        MemoryBoard board = Booted("cma=16M", ReservedMemory(pools));

        Assert.Equal([Range(0x44000000, 8 * MiB), Range(0x7f000000, 16 * MiB)], board.CmaPools.Select(pool => pool.Range));
        Assert.Contains(board.Notes, note => note.Contains("/reserved-memory/fallback: cma= of", StringComparison.Ordinal));
        Assert.Equal(
            [Range(0x44000000, 8 * MiB), Range(0x13e000000, 32 * MiB)],
            Booted("quiet", ReservedMemory(pools)).CmaPools.Select(pool => pool.Range));
    }

    [Fact]
    public void WordsOfMemoryThatAreNotFollowedAreNamed()
    {
        MemoryBoard board = Booted("console=ttyS0 crashkernel=256M hugepages=64 movablecore=1G root=/dev/vda");

        Assert.Contains(
            "words of /chosen/bootargs that are not followed: crashkernel=256M hugepages=64 movablecore=1G", board.Notes);
        Assert.DoesNotContain(Booted("console=ttyS0 root=/dev/vda").Notes, note => note.Contains("/chosen", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("transparent_hugepage=never", true)]
    [InlineData("transparent_hugepage=madvise", false)]
    [InlineData("", false)]
    public void HugePagesMayBeOff(string arguments, bool isOff) => Assert.Equal(isOff, Booted(arguments).NoHugePages);

    [Fact]
    public void TheCommandLineOfTheKernelLogCountsBeforeTheTrees()
    {
        NodeSketch root = Root(Ram(0x40000000, GiB), new NodeSketch("chosen").Text("bootargs", "mem=1G"));
        MemoryBoard board = Read(root, new BoardOptions(PageGeometry.Page4K) { CommandLine = "mem=256M" });

        Assert.Equal(256 * MiB, board.DataBytes);
        Assert.Contains(board.Notes, note => note.StartsWith("mem= of the kernel log", StringComparison.Ordinal));
    }

    [Fact]
    public void AKernelAfterACrashHasItsRangesAlone()
    {
        NodeSketch chosen = new NodeSketch("chosen")
            .Wide("linux,usable-memory-range", 0x70000000, 128 * MiB, 0x50000000, 16 * MiB)
            .Wide("linux,elfcorehdr", 0x77ff0000, 64 * KiB);
        MemoryBoard board = Read(Root(Ram(0x40000000, GiB), Ram(0x100000000, GiB), chosen), carveOut: false);

        Assert.Equal([Range(0x50000000, 16 * MiB), Range(0x70000000, 128 * MiB)], board.Banks.Select(bank => bank.Range));
        Assert.Equal(Range(0x77ff0000, 64 * KiB), Assert.Single(board.Reserved).Range);
        Assert.Contains("/chosen/linux,usable-memory-range leaves 144 MiB of 2 GiB", board.Notes);
    }

    [Fact]
    public void TagStorageIsNotCutOff()
    {
        NodeSketch root = Root(
            Ram(0x40000000, GiB, phandle: 1), RootTags(0x80000000, 32 * MiB, memory: 1), new NodeSketch("chosen").Text("bootargs",
                "mem=512M"));
        MemoryBoard board = Read(root);

        Assert.Equal(GiB, board.DataBytes);
        Assert.Contains(board.Notes, note => note.Contains("not followed", StringComparison.Ordinal));
    }

    [Fact]
    public void NoRamAtAllIsRefused() => Refused(
        Root(Ram(0x40000000, GiB), new NodeSketch("chosen").Wide("linux,usable-memory-range", 0x10000000, MiB)), "/chosen leaves no RAM");

    [Fact]
    public void AMemoryMapOfUefiIsNoted() => Assert.Contains(
        Read(Root(Ram(0x40000000, GiB), new NodeSketch("chosen").Wide("linux,uefi-mmap-start", 0x1000))).Notes,
        note => note.Contains("UEFI", StringComparison.Ordinal));

    [Theory]
    [InlineData("ranges", "has no ranges")]
    [InlineData("#address-cells", "has not the root's #address-cells")]
    [InlineData("#size-cells", "has not the root's #size-cells")]
    public void ReservedMemoryThatLinuxCannotReadReservesNothing(string missing, string reason)
    {
        NodeSketch reserved = ReservedMemory(new NodeSketch("fw@50000000").Wide("reg", 0x50000000, 256 * MiB).Flag("no-map"));
        MemoryBoard board = Read(Root(Ram(0x40000000, GiB), reserved.Without(missing)));

        Assert.Empty(board.Reserved);
        Assert.Contains(board.Notes, note => note.StartsWith($"/reserved-memory {reason}", StringComparison.Ordinal));
        Assert.Single(Read(Root(Ram(0x40000000, GiB), reserved.Flag("ranges").Cells("#address-cells", 2).Cells("#size-cells",
            2))).Reserved);
    }

    [Fact]
    public void OtherCellsThanTheRootsReserveNothing()
    {
        NodeSketch reserved = ReservedMemory(new NodeSketch("fw@50000000").Cells("reg", 0x50000000, 0x1000))
            .Cells("#address-cells", 1).Cells("#size-cells", 1);

        Assert.Empty(Read(Root(Ram(0x40000000, GiB), reserved)).Reserved);
    }

    [Fact]
    public void OfAPoolWithSeveralRangesTheFirstIsThePool()
    {
        NodeSketch pool = Pool("p").Wide("reg", 0x44000000, 8 * MiB, 0x48000000, 8 * MiB);
        MemoryBoard board = Read(Root(Ram(0x40000000, GiB), ReservedMemory(pool)));

        Assert.Equal(Range(0x44000000, 8 * MiB), Assert.Single(board.CmaPools).Range);
        Assert.Equal(Range(0x48000000, 8 * MiB), Assert.Single(board.Reserved).Range);
    }

    [Theory]
    [InlineData(1, 0x7f000000UL)]
    [InlineData(5, 0x42000000UL)]
    public void LaterReleasesKeepReservationsTogether(int minor, ulong start)
    {
        NodeSketch[] nodes =
        [
            new NodeSketch("fw@40000000").Wide("reg", 0x40000000, 32 * MiB),
            Pool("p").Wide("size", 16 * MiB).Wide("alloc-ranges", 0x42000000, GiB - (32 * MiB)),
        ];
        MemoryBoard board = Read(
            Root(Ram(0x40000000, GiB), ReservedMemory(nodes)),
            new BoardOptions(PageGeometry.Page4K) { Release = new KernelRelease(6, minor) });

        Assert.Equal(start, Assert.Single(board.CmaPools).Range.Start.Value);
        Assert.Contains(BoardDescription.Lines(board, PageGeometry.Page4K), line => line.Contains($"(Linux 6.{minor})",
            StringComparison.Ordinal));
    }

    [Fact]
    public void WhereTheLogTellsNothingIsAssumed()
    {
        NodeSketch root = Root(Ram(0x40000000, GiB), ReservedMemory(Pool("p").Wide("size", 16 * MiB), Pool("q").Wide("reg", 0x48000000,
            8 * MiB)),
            new NodeSketch("chosen").Text("bootargs", "cma=32M"));

        Assert.Equal(3, Read(root, carveOut: false).CmaPools.Count);
        Assert.Equal("/reserved-memory/q", Assert.Single(Read(root,
            new BoardOptions(PageGeometry.Page4K) { AssumesPools = false }).CmaPools).Name);
    }

    [Fact]
    public void ANodeOfSizeZeroBesideOthersIsPassedOver()
    {
        MemoryBoard board = Read(Root(Ram(0, 0), Ram(0x40000000, GiB)), carveOut: false);

        Assert.Equal(Range(0x40000000, GiB), Assert.Single(board.Banks).Range);
        Assert.Contains(board.Notes, note => note.Contains("/memory@0 has size 0 and was passed over", StringComparison.Ordinal));
    }

    private static MemoryBoard Booted(string arguments, params NodeSketch[] others) => Read(
        Root([Ram(0x40000000, GiB), Ram(0x100000000, others.Length > 0 ? GiB : 2 * GiB), new NodeSketch("chosen").Text("bootargs",
            arguments),
            .. others]),
        carveOut: false);
}
