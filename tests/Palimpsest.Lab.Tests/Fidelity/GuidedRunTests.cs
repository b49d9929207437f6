using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Fidelity;

/// <summary>Each detector of a guided run fires on a recording that was bent for it, and is silent on the straight one.</summary>
public sealed class GuidedRunTests
{
    // Two pages are refilled, used, freed and drained as Linux would.
    private static readonly string[] Straight =
    [
        "mm_page_alloc_zone_locked: page=00000000c3b0c4fd pfn=0x40000 order=0 migratetype=1 percpu_refill=1",
        "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40000 order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE",
        "mm_page_alloc_zone_locked: page=00000000c3b0c4fd pfn=0x40001 order=0 migratetype=1 percpu_refill=1",
        "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40001 order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE",
        "mm_page_free: page=00000000c3b0c4fd pfn=0x40001 order=0",
        "mm_page_pcpu_drain: page=00000000c3b0c4fd pfn=0x40001 order=0 migratetype=1",
        "mm_page_alloc_zone_locked: page=00000000c3b0c4fd pfn=0x40001 order=0 migratetype=1 percpu_refill=1",
        "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40001 order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE",
    ];

    [Fact]
    public void AStraightRecordingIsPredictedWhole()
    {
        GuidedRun run = Follow(Straight);

        Assert.Empty(run.Tallies.Misses);
        Assert.Equal((3, 3), (run.Tallies.Refill.Predicted, run.Tallies.Refill.Total));
        Assert.Equal((3, 3), (run.Own.Predicted, run.Own.Total));
        Assert.Equal((1, 1), (run.Tallies.Drain.Predicted, run.Tallies.Drain.Total));
        Assert.Equal(0, run.Tallies.Contradictions);
        Assert.Null(run.Tallies.AllocationsBeforeDivergence);
        Assert.Empty(run.System.Audit());
    }

    [Fact]
    public void ARefillFromFurtherBackIsAMiss()
    {
        string[] bent = [.. Straight];
        bent[2] = bent[2].Replace("40001", "40003", StringComparison.Ordinal);
        bent[3] = bent[3].Replace("40001", "40003", StringComparison.Ordinal);
        bent[4] = bent[4].Replace("40001", "40003", StringComparison.Ordinal);
        bent[5] = bent[5].Replace("40001", "40003", StringComparison.Ordinal);

        Miss miss = Follow(bent).Tallies.Misses[0];

        Assert.Equal((2, DecisionPath.Refill, 1, 3), (miss.Event, miss.Path, miss.Model.Index, miss.Kernel.Index));
    }

    [Fact]
    public void APageThatLeavesAListWithoutAnEventIsSilent()
    {
        // 40001 is refilled second, never allocated, and freed: somebody had it.
        GuidedRun run = Follow(
        [
            Straight[0],
            Straight[2],
            "mm_page_alloc_zone_locked: page=00000000c3b0c4fd pfn=0x40002 order=0 migratetype=1 percpu_refill=1",
            Straight[1],
            "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40002 order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE",
            Straight[4],
        ]);

        Assert.Empty(run.Tallies.Misses);
        Assert.Equal(1, run.Tallies.SilentAllocations);
    }

    [Fact]
    public void ADamagedRecordingLeavesTheListsWhole()
    {
        // Refilled while it lies on a per-CPU list already: put there twice, it would tie the list into a knot.
        GuidedRun run = Follow([Straight[0], Straight[2], Straight[0], Straight[1], Straight[3]]);

        Assert.NotEmpty(run.Tallies.Misses);
        Assert.Empty(run.System.Audit());
    }

    [Fact]
    public void APageFirstSeenDrainedLayOnTheList()
    {
        GuidedRun run = Follow(
        [
            Straight[1],
            "mm_page_pcpu_drain: page=00000000c3b0c4fd pfn=0x40005 order=0 migratetype=1",
            "mm_page_pcpu_drain: page=00000000c3b0c4fd pfn=0x40003 order=0 migratetype=1",
        ], freePages: 0);

        Assert.Empty(run.Tallies.Misses);
        Assert.Equal((2, 2), (run.Tallies.Drain.Predicted, run.Tallies.Drain.Total));
        Assert.Empty(run.System.Audit());
    }

    [Fact]
    public void AChunkRefusedSixTimesIsInUseUntilTheKernelTakesFromIt()
    {
        // 40000 and 40001 are free, for they are refilled in the end; the kernel splits 40020, of a higher order, instead.
        IEnumerable<int> pfns = [.. Enumerable.Range(0x40020, 32), 0x40000, 0x40001];
        GuidedRun run = Follow(
            [.. pfns.Select(
                pfn => $"mm_page_alloc_zone_locked: page=00000000c3b0c4fd pfn=0x{pfn:x} order=0 migratetype=1 percpu_refill=1"),
                Straight[3]],
            freePages: 0);

        Assert.Equal([0x20, 0x24, 0x28, 0x2c, 0x30, 0x34, 0], run.Tallies.Misses.Select(miss => miss.Kernel.Index));
        Assert.Equal(2, run.Tallies.WithdrawnFrames);
        Assert.Equal(0, run.Tallies.Contradictions);
        Assert.Empty(run.System.Audit());
    }

    [Fact]
    public void ARangeIsIsolatedMovedOutAndTaken()
    {
        GuidedRun run = Follow(
        [
            Straight[0],
            Straight[1],
            "mm_migrate_pages_start: mode=MIGRATE_SYNC reason=contig_range",
            "mm_page_alloc_zone_locked: page=00000000c3b0c4fd pfn=0x40400 order=0 migratetype=1 percpu_refill=1",
            "mm_page_alloc: page=00000000c3b0c4fd pfn=0x40400 order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE",
            "mm_page_free: page=00000000c3b0c4fd pfn=0x40000 order=0",
            "test_pages_isolated: start_pfn=0x40000 end_pfn=0x40200 fin_pfn=0x40200 ret=success",
        ], freePages: 2048);

        Assert.Equal((1, 1), (run.RangesFree.Predicted, run.RangesFree.Total));
        Assert.Equal((1, 1), (run.RangeMoves.Predicted, run.RangeMoves.Total));
        Assert.Equal(MigrateType.Movable, run.System.Frames.BlockType(new Frame(0)));
        Assert.Empty(run.System.Audit());
    }

    [Fact]
    public void PagesFirstSeenIsolatedAsFreeWereFree()
    {
        GuidedRun run = Follow(
        [
            "test_pages_isolated: start_pfn=0x40400 end_pfn=0x40600 fin_pfn=0x40600 ret=success",
            "mm_compaction_isolate_freepages: range=(0x40400 ~ 0x40600) nr_scanned=512 nr_taken=512",
            "mm_page_free: page=00000000c3b0c4fd pfn=0x40400 order=0",
            Straight[0],
            Straight[1],
        ], freePages: 0);

        Assert.Equal((1, 1), (run.RangesFree.Predicted, run.RangesFree.Total));
        Assert.Equal(512 + 1, run.FreeAtStart);
        Assert.Empty(run.System.Audit());
    }

    [Theory]
    [InlineData("mm_page_alloc_zone_locked", 1, 0)]
    [InlineData("mm_page_alloc", 0, 1)]
    [InlineData("mm_page_*", 1, 1)]
    [InlineData("cma_*", 0, 0)]
    public void OnlyTheDecisionsOfEventsThatAreMeantAreTallied(string name, int refills, int allocations)
    {
        GuidedRun run = Follow([Straight[0], Straight[1]], tallied: new TraceFilter { Events = [name] });

        Assert.Equal((refills, allocations), (run.Tallies.Refill.Total, run.Tallies.PerCpu.Total));
    }

    [Fact]
    public void DecisionsOfOtherTasksAndCpusAreFollowedAndNotTallied()
    {
        long Tallied(TraceFilter filter) => Follow([Straight[0], Straight[1]], tallied: filter).Tallies.PerCpu.Total;

        Assert.Equal(1, Tallied(new TraceFilter { Processes = ["in*"], Cpus = [0] }));
        Assert.Equal(0, Tallied(new TraceFilter { Processes = ["bash"] }));
        Assert.Equal(0, Tallied(new TraceFilter { Cpus = [3] }));
        Assert.Equal(0, Tallied(new TraceFilter { FromNs = 2_000 }));
        Assert.Equal(0, Tallied(new TraceFilter { ToNs = 0 }));
    }

    private static GuidedRun Follow(string[] payloads, int freePages = 16, TraceFilter? tallied = null)
    {
        MemoryLayout layout = MemoryLayout.For(MemoryBoard.Flat(64 << 20, PageGeometry.Page4K), PageGeometry.Page4K);
        string text = string
            .Concat(payloads.Select((payload, index) => $"            init-1       [000] .....   100.{index:d6}: {payload}\n"));
        Trace trace = TraceFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes("# tracer: nop\n#\n" + text)), "recording");
        MemorySystem system = new(layout, DesignCatalog.Parse("static").Create(), new MachineOptions(1, StartsEmpty: true));
        GuidedRun run = new(trace, system, Free(layout, freePages), new TalliedEvents(tallied ?? new TraceFilter(), trace));
        run.Run();
        return run;
    }

    /// <summary>A kpageflags that calls the first pages free.</summary>
    private static Palimpsest.Lab.Snapshots.PageFlagsSnapshot Free(MemoryLayout layout, int pages)
    {
        byte[] flags = new byte[16384 * sizeof(ulong)];
        for (int page = 0; page < pages; page++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(flags.AsSpan(page * sizeof(ulong)), 1UL << 10);
        }

        return new Palimpsest.Lab.Snapshots.PageFlagsSnapshot(flags, layout, "kpageflags");
    }
}
