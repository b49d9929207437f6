using System.Buffers.Binary;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Snapshots;

/// <summary>What /proc says of the start is taken as it is written.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public void ZoneInfoGivesCountsByZone()
    {
        ZoneInfoEntry zone = ZoneInfo.Parse(
            [
                "Node 0, zone      DMA",
                "  pages free     470049",
                "        boost    0",
                "        min      5632",
                "        low      7040",
                "        high     8448",
                "        present  524288",
                "        managed  507360",
                "        cma      16384",
                "  pagesets",
                "    cpu: 0",
                "              count: 1053",
                "              high:  3520",
                "              batch: 63",
                "    cpu: 1",
                "              count: 1317",
            ],
            "zoneinfo").Single();

        Assert.Equal((470049, 5632, 7040, 524288, 507360, 16384), (zone.Free, zone.Min, zone.Low, zone.Present, zone.Managed, zone.Cma ??
            -1));
        Assert.Equal([1053L, 1317L], zone.PerCpuCounts);
        Assert.Equal([3520L], zone.PerCpuHighs);
    }

    [Fact]
    public void AFileWithoutZonesIsRefused() => Assert.Throws<InputException>(() => ZoneInfo.Parse(["nothing here"], "zoneinfo"));

    [Fact]
    public void MoreCpusThanAKernelHasAreRefused() =>
        Assert.Contains("4096 CPUs", Assert.Throws<InputException>(() => ZoneInfo.Parse(["Node 0, zone DMA",
            .. Enumerable.Repeat("count: 1", 4097)], "zoneinfo")).Message, StringComparison.Ordinal);

    [Fact]
    public void TheKernelLogNamesCmaAreas()
    {
        IReadOnlyList<CmaPool> pools = KernelLog.Read(
        [
            "[    0.000000] cma: Reserved 64 MiB at 0x00000000b9a00000",
            "[    0.000000] cma: Reserved 64 MiB at 0x00000000b9a00000 on node -1",
            "[    0.000000] Reserved memory: created CMA memory pool at 0x0000000036000000, size 128 MiB",
            "[    0.000000] cma: Reserved 0 MiB at 0x0",
            "[    0.000000] cma: Reserved 64 MiB at 0xffffffffffffffff",
        ], "dmesg").CmaPools;

        Assert.Equal([(0xb9a00000UL, 64UL << 20), (0x36000000UL, 128UL << 20)],
            pools.Select(pool => (pool.Range.Start.Value, pool.Range.Bytes)));
    }

    [Fact]
    public void UsedFramesAreTheLowestThatNoEventNames()
    {
        InitialPage[] pages = [.. new UsedFrames(5)
            .Unseen(new StartEvidence(Recording.Layout, name => name == 1, [new InitialPage(8, false), new InitialPage(9, false)], []))];

        Assert.Equal([0, 2, 3], pages.Select(page => page.Name));
    }

    [Fact]
    public void CmaPagesInUseAreTheFirstOfTheirArea()
    {
        MemoryBoard board = MemoryBoard.Flat(64 << 20, PageGeometry.Page4K);
        board = board with { CmaPools = [new CmaPool(new PhysicalRange(new PhysicalAddress(0x4100_0000), 16 << 20), IsDynamic: false,
            "cma")] };
        MemoryLayout layout = MemoryLayout.For(board, PageGeometry.Page4K);
        UsedFrames used = new(6) { InCma = 3 };

        Assert.Equal([0, 2, 3, 4096, 4098, 4099], used.Unseen(new StartEvidence(layout, name => name is 1 or 4097, [], []))
            .Select(page => page.Name));
    }

    [Fact]
    public void WhatBootSetAsideIsInUseAsFarAsNobodyManagesIt()
    {
        UsedFrames used = new(5, neverFreed: 3)
        {
            SetAside = [new PhysicalRange(new PhysicalAddress(0x4010_0000), 2 << 12),
                new PhysicalRange(new PhysicalAddress(0x4020_0000), 2 << 12)],
        };

        Assert.Equal([0, 1, 256, 257, 512], used.Unseen(new StartEvidence(Recording.Layout, _ => false, [], [])).Select(page => page.Name));
    }

    [Fact]
    public void ChunksCountedAtTheStartAreKeptFreeWhereTheEventsSpeakForThem()
    {
        FreeChunkCounts chunks = new();
        chunks.Chunks[(int)MigrateType.Movable][3] = 1;
        UsedFrames used = new(4) { Chunks = chunks };

        // Frames 0-7 hold a page in use; 8-15 two that were free, 16-23 one.
        StartEvidence evidence = new(Recording.Layout, name => name is 2 or 9 or 10 or 17, [new InitialPage(2, false)], []);
        Assert.Equal([0, 1, 3], used.Unseen(evidence).Select(page => page.Name));
        Assert.Equal([0, 1, 3, 4, 5, 6, 7, 16, 18], (used = new(10) { Chunks = chunks }).Unseen(evidence).Select(page => page.Name));
    }

    [Fact]
    public void AChunkThatNoEventSpeaksForGivesWayToTheCount()
    {
        FreeChunkCounts chunks = new();
        chunks.Chunks[(int)MigrateType.Movable][10] = 16;
        UsedFrames used = new(3) { Chunks = chunks };

        Assert.Equal([0, 1, 2], used.Unseen(new StartEvidence(Recording.Layout, _ => false, [], [])).Select(page => page.Name));
    }

    [Fact]
    public void IoMemNamesTheRamInWholePages()
    {
        IReadOnlyList<PhysicalRange> banks = IoMem.Ram(["00001000-0009fbff : System RAM", "100000000-13fffffff : System RAM",
            "  100000000-1000fffff : Kernel code"], PageGeometry.Page4K, "iomem");

        Assert.Equal([(0x1000UL, 0x9e000UL), (0x1_0000_0000UL, 0x4000_0000UL)], banks.Select(bank => (bank.Start.Value, bank.Bytes)));
        Assert.Equal(3, MemoryBoard.OfRam(banks, PageGeometry.Page4K, "map", "iomem").Banks.Count);
        Assert.Empty(IoMem.Ram(["00000000-00000000 : System RAM"], PageGeometry.Page4K, "iomem"));
    }

    [Theory]
    [InlineData("40000000-4fffffff : System RAM", "48000000-5fffffff : System RAM")]
    [InlineData("40000000-4fffffff : System RAM", "20000000-2fffffff : System RAM")]
    [InlineData("0-fffffffffffffffe : System RAM", "")]
    public void AMemoryMapThatCannotBeIsRefused(params string[] lines) =>
        Assert.Contains("iomem: System RAM at",
            Assert.Throws<InputException>(() => IoMem.Ram(lines, PageGeometry.Page4K, "iomem")).Message, StringComparison.Ordinal);

    [Fact]
    public void IoMemNamesTheImageFirstAndThenWhatWasReservedFromTheTop()
    {
        IReadOnlyList<PhysicalRange> ranges = IoMem.SetAside(
        [
            "09000000-09000fff : pl011@9000000",
            "40000000-5bffffff : System RAM",
            "  40210000-4185ffff : Kernel code",
            "  41860000-41eaffff : reserved",
            "  41eb0000-4220ffff : Kernel data",
            "  5bf1d000-5bffffff : reserved",
            "00000000-00000000 : reserved",
        ]);

        Assert.Equal([0x40210000UL, 0x41eb0000UL, 0x5bf1d000UL, 0x41860000UL], ranges.Select(range => range.Start.Value));
        Assert.Equal(0xe3000UL, ranges[2].Bytes);
    }

    [Fact]
    public void WhatTheKernelDidForWantOfMemoryIsCountedOverAllZones()
    {
        VmStat counts = VmStat.Read(
            ["nr_free_pages 7", "allocstall_dma 3", "allocstall_normal 40", "pageoutrun 5", "pswpout 6", "pswpin 9"]);

        Assert.Equal(new VmStat(PagesAllocated: null, FreePages: 7, Stalls: 43, KswapdRuns: 5, SwapOuts: 6), counts);
    }

    [Fact]
    public void PagesAllocatedAreCountedOverAllZones()
    {
        Assert.Equal(130L,
            VmStat.Read(["nr_free_pages 7", "pgalloc_dma 30", "pgalloc_normal 100", "pgalloc_movable x", "pgfree 9"]).PagesAllocated);
        Assert.Null(VmStat.Read(["pgfree 9"]).PagesAllocated);
        Assert.Equal(long.MaxValue / 16, VmStat.Read(Enumerable.Repeat($"pgalloc_dma {long.MaxValue / 20}", 40)).PagesAllocated);
    }

    [Theory]
    [InlineData(0x40000)]
    [InlineData(0)]
    public void PageFlagsMayBeginAtTheFirstBankOrAtPfnZero(int firstPfn)
    {
        const int frames = 16384;
        byte[] flags = new byte[(0x40000 - firstPfn + frames) * 8];
        for (int frame = 0; frame < frames; frame++)
        {
            ulong value = frame switch { 3 => 1UL << 5, 4 => 0, _ => 1UL << 10 };
            BinaryPrimitives.WriteUInt64LittleEndian(flags.AsSpan((0x40000 - firstPfn + frame) * 8), value);
        }

        InitialPage[] pages = [.. new PageFlagsSnapshot(flags, Recording.Layout, "kpageflags")
            .Unseen(new StartEvidence(Recording.Layout, _ => false, [], []))];

        Assert.Equal([new InitialPage(3, IsMovable: true), new InitialPage(4, IsMovable: false)], pages);
    }

    [Fact]
    public void ATornPageFlagsFileIsRefused() =>
        Assert.Throws<InputException>(() => new PageFlagsSnapshot(new byte[13], Recording.Layout, "kpageflags"));
}
