using System.Buffers.Binary;
using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Fidelity;

/// <summary>The model answers as a kernel that does what RFC v3 does, and differs from one that was bent, just where it was.</summary>
public sealed class GuidedStorageTests
{
    // 64 MiB of data from pfn 40000 on, its 512 pages of storage from 44000 on. The page's block is 44000 + (pfn - 40000) / 32.
    private static readonly MemoryLayout Layout = TestBoards.OneBank(PageGeometry.Page4K, 0x4000_0000, 64 << 20, 4096);

    private static readonly string[] Tagged =
    [
        "mm_page_alloc_zone_locked: page=00000000c3b0c4fd pfn=0x40040 order=0 migratetype=1 percpu_refill=1",
        "mts_reserve_start: pfn=0x40040 order=0 where=alloc block=0x44002 nblocks=1",
        "cma_alloc_range_start: name=cma0 start=44002 count=1 tries=3",
        "cma_alloc_range_finish: name=cma0 start=44002 count=1 attempts=1 err=0 free=1",
        "mts_block: block=0x44002 pages=1 op=take refs=1 how=free",
        "mts_reserve: pfn=0x40040 order=0 where=alloc block=0x44002 nblocks=1 present=0 free=1 contig=0 path=free ret=0",
        "mts_tagged: pfn=0x40040 how=zero",
        "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40040 order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_ZEROTAGS",
    ];

    private static readonly string[] Freed =
    [
        "mm_page_free: page=00000000c3b0c4fd pfn=0x40040 order=0",
        "mts_block: block=0x44002 pages=1 op=put refs=0 how=release",
        "mm_page_free: page=00000000c3b0c4fd pfn=0x44002 order=0",
        "cma_release: name=cma0 pfn=0x44002 page=00000000c3b0c4fd count=1",
        "mts_free: pfn=0x40040 order=0 tagged=1 block=0x44002 nblocks=1 released=1",
    ];

    private static readonly string[] Untagged =
        ["mm_page_alloc: page=00000000c3b0c4fd pfn=0x44002 order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE"];

    [Fact]
    public void ATaggedPageIsBornAndDiesAsRecorded()
    {
        GuidedRun run = Follow([.. Tagged, .. Freed]);

        Assert.Empty(run.Storage!.Misses);
        Assert.Empty(run.Tallies.Misses);
        Assert.Equal(new Tally(1, 1), run.Storage.Of(StorageQuestion.Path).Sum);
        Assert.Equal(new Tally(1, 1), run.Storage.Of(StorageQuestion.Block).Sum);
        Assert.Equal(new Tally(1, 1), run.Storage.Of(StorageQuestion.Release).Sum);
        Assert.Equal(1, run.Tallies.Buddy.Total);
        Assert.Equal(0, run.Storage.Contradictions);
    }

    [Theory]
    [InlineData(1, "block=0x44002", "block=0x44003", StorageQuestion.Block)]
    [InlineData(5, "path=free", "path=present", StorageQuestion.Path)]
    [InlineData(12, "released=1", "released=0", StorageQuestion.Release)]
    public void ABentEventIsAMissOfItsQuestion(int line, string straight, string bent, StorageQuestion question)
    {
        string[] lines = [.. Tagged, .. Freed];
        lines[line] = lines[line].Replace(straight, bent, StringComparison.Ordinal);

        StorageMiss miss = Assert.Single(Follow(lines).Storage!.Misses);

        Assert.Equal((line, question, 0x40), (miss.Event, miss.Question, miss.Page.Index));
    }

    [Fact]
    public void AReleasedPageIsTheNextThatAnUntaggedRequestGets()
    {
        GuidedRun run = Follow([.. Tagged, .. Freed, .. Untagged]);

        Assert.Equal(new Tally(1, 1), run.Storage!.Of(StorageQuestion.Occupancy).Sum);
        Assert.Empty(run.Tallies.Misses);
    }

    [Fact]
    public void WhatLiesInABlockMustLeaveIt()
    {
        string[] again = [.. Tagged.Select(line => line.Replace("free=1", "free=0").Replace("path=free", "path=contig"))];
        GuidedRun run = Follow([.. Tagged, .. Freed, .. Untagged,
            again[0], again[1], again[2],
            "mm_migrate_pages_start: mode=MIGRATE_SYNC reason=contig_range",
            "mm_page_free: page=00000000c3b0c4fd pfn=0x44002 order=0",
            "test_pages_isolated: start_pfn=0x44002 end_pfn=0x44003 fin_pfn=0x44003 ret=success",
            "mm_compaction_isolate_freepages: range=(0x44002 ~ 0x44003) nr_scanned=1 nr_taken=1",
            .. again[3..]]);

        Assert.Empty(run.Storage!.Misses);
        Assert.Equal(new Tally(1, 1), run.Storage.Of(StorageQuestion.Moves).Sum);
        Assert.Equal(MigrateType.Cma, run.System.Frames.BlockType(new Frame(0x4002)));
        Assert.Equal(FrameState.Held, run.System.Frames[new Frame(0x4002)].State);
    }

    [Fact]
    public void APageOfAnotherBlockThatTheRangeTookTooMuchOfIsFreeAgain()
    {
        string[] contig = [.. Tagged.Select(line => line.Replace("free=1", "free=0").Replace("path=free", "path=contig"))];
        GuidedRun run = Follow([contig[0], contig[1], contig[2],
            "mm_migrate_pages_start: mode=MIGRATE_SYNC reason=contig_range",
            "test_pages_isolated: start_pfn=0x44000 end_pfn=0x44003 fin_pfn=0x44004 ret=success",
            "mm_compaction_isolate_freepages: range=(0x44000 ~ 0x44003) nr_scanned=4 nr_taken=4",
            "mm_page_free: page=00000000c3b0c4fd pfn=0x44000 order=0",
            "mm_page_free: page=00000000c3b0c4fd pfn=0x44001 order=0",
            "mm_page_free: page=00000000c3b0c4fd pfn=0x44003 order=0",
            .. contig[3..]]);

        Assert.Equal(FrameState.Held, run.System.Frames[new Frame(0x4002)].State);
        Assert.All(new[] { 0x4000, 0x4001, 0x4003 }, frame => Assert.True(run.System.Guided.IsFree(new Frame(frame), 0)));
    }

    [Theory]
    [InlineData("storage=0 outcome=map ret=0 flags=0x1a55", 0x40041, 0)]
    [InlineData("storage=1 outcome=replace ret=0 flags=0x1a55", 0x44009, 0)]
    [InlineData("storage=1 outcome=map ret=0 flags=0x1a55", 0x44009, 1)]
    [InlineData("storage=0 outcome=isolated_retry ret=0 flags=0x1a55", 0x40041, 1)]
    public void AFaultEndsAsThePageIs(string end, int pfn, int misses) => Assert.Equal(misses,
        Follow([.. Tagged, $"mts_fault: addr=0xff000 pfn=0x{pfn:x} order=0 {end}"]).Storage!.Misses.Count);

    [Theory]
    [InlineData("0x1a55", "retry", 0)]
    [InlineData("0x1a75", "replace", 0)]
    [InlineData("0x1a75", "retry", 1)]
    public void AFaultWhoseStorageIsBusyRetriesOnceAndThenMoves(string flags, string outcome, int misses)
    {
        // The page of the block cannot be moved: the first reservation is a miss, the second is not.
        const string Failed = "block=0x44002 nblocks=1 present=0 free=0 contig=0 path=failed ret=-16";
        string reserve = $"mts_reserve: pfn=0x40041 order=0 where=fault {Failed}";
        GuidedRun run = Follow([.. Tagged, .. Freed, .. Untagged,
            "mts_reserve_start: pfn=0x40041 order=0 where=fault block=0x44002 nblocks=1", reserve,
            "mts_reserve_start: pfn=0x40041 order=0 where=fault block=0x44002 nblocks=1", reserve,
            $"mts_fault: addr=0xff000 pfn=0x40041 order=0 storage=0 outcome={outcome} ret=-16 flags={flags}"]);

        Assert.Equal(new Tally(2, 3), run.Storage!.Of(StorageQuestion.Path).Sum);
        Assert.Equal(misses, run.Storage.Misses.Count(miss => miss.Question == StorageQuestion.Fault));
    }

    [Fact]
    public void PagesWithoutStorageAreMarked()
    {
        GuidedRun run = Follow([.. Tagged, "mts_mark: pfn=0x40040 nr=4 missing=3", "mts_mark: pfn=0x40040 nr=4 missing=4"]);

        Assert.Equal(new Tally(1, 2), run.Storage!.Of(StorageQuestion.Mark).Sum);
    }

    [Fact]
    public void WhatARecordingBeginsAmidIsReservedFromTheStart()
    {
        // 40040 is freed first, and does not release the block: somebody else counts on it, to the end.
        GuidedRun run = Follow([Freed[0], Freed[4].Replace("released=1", "released=0"), .. Untagged]);

        Assert.DoesNotContain(run.Storage!.Misses, miss => miss.Question != StorageQuestion.Occupancy);
        Assert.Equal(1, run.Storage.ReservedAtStart);
    }

    private static GuidedRun Follow(string[] payloads)
    {
        string text = string.Concat(payloads.Select((payload, index) =>
            $"            init-1       [000] .....   100.{index:d6}: {payload}\n"));
        Trace trace = TraceFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes("# tracer: nop\n#\n" + text)), "recording");
        MemorySystem system = new(Layout, DesignCatalog.Parse("cma-no-tagged").Create(), new MachineOptions(1, StartsEmpty: true));
        GuidedRun run = new(trace, system, Free(), new TalliedEvents(new TraceFilter(), trace));
        run.Run();
        return run;
    }

    /// <summary>A kpageflags that calls the first pages of data and of storage free.</summary>
    private static PageFlagsSnapshot Free()
    {
        byte[] flags = new byte[Layout.Frames * sizeof(ulong)];
        foreach (int page in Enumerable.Range(0, 64).Concat(Enumerable.Range(0x4000, 16)))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(flags.AsSpan(page * sizeof(ulong)), 1UL << 10);
        }

        return new PageFlagsSnapshot(flags, Layout, "kpageflags");
    }
}
