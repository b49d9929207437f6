using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Fidelity;

/// <summary>What a recording of a 6.12 says otherwise than one of a 6.1, and what is read off it.</summary>
public sealed class Guided612Tests
{
    // Of 64 MiB; the batch of its lists is 3.
    private const int Frames = 16384;

    [Fact]
    public void RefillsDoubleAndAFreeHalvesThem()
    {
        GuidedRun run = Follow(
        [
            .. Refill(0, 3), Allocate(0), Allocate(1), Allocate(2),
            .. Refill(3, 6), .. Enumerable.Range(3, 6).Select(page => Allocate(page)),
            Free(0), Free(1), Free(2), Allocate(2), Allocate(1), Allocate(0),
            .. Refill(9, 3), Allocate(9),
        ]);

        Assert.Equal((3, 3), (run.OwnRefills.Predicted, run.OwnRefills.Total));
        Assert.Empty(run.Tallies.Misses);
        Assert.Empty(run.System.Audit());
    }

    [Fact]
    public void ALargeFolioThatIsFreedInABatchGoesToTheListOfItsOrder()
    {
        GuidedRun run = Follow(
        [
            .. Refill(0, 2, order: 2), Allocate(0, order: 2), Allocate(4, order: 2),
            Free(4, order: 2), "0|init|mm_page_free_batched: page=00000000c3b0c4fd pfn=0x40004 order=0",
            Allocate(4, order: 2),
        ]);

        Assert.Equal((3, 3), (run.Tallies.PerCpu.Predicted, run.Tallies.PerCpu.Total));
        Assert.Empty(run.System.Audit());
    }

    // A claim of less than a block is told twice, of a whole block by the second event alone.
    [Theory]
    [InlineData(16, true)]
    [InlineData(512, false)]
    public void APageOfAnotherTypeIsTakenOnce(int freePages, bool isToldTwice)
    {
        string refill = "0|init|mm_page_alloc_zone_locked: page=00000000c3b0c4fd pfn=0x40000 order=0 migratetype=0 percpu_refill=1";
        GuidedRun run = Follow(
        [
            .. isToldTwice ? [refill] : Array.Empty<string>(),
            "0|init|mm_page_alloc_extfrag: page=00000000c3b0c4fd pfn=0x40000 alloc_order=0 fallback_order=4 pageblock_order=9 "
                + "alloc_migratetype=0 fallback_migratetype=1 fragmenting=1 change_ownership=1",
            "0|init|mm_page_alloc: page=00000000c3b0c4fd pfn=0x40000 order=0 migratetype=0 gfp_flags=GFP_KERNEL",
        ], freePages);

        Assert.Equal((1, 1), (run.Tallies.Refill.Predicted, run.Tallies.Refill.Total));
        Assert.Equal((1, 1), (run.Tallies.PerCpu.Predicted, run.Tallies.PerCpu.Total));
        Assert.Equal(MigrateType.Unmovable, run.System.Frames.BlockType(new Frame(0)));
        Assert.Empty(run.System.Audit());
    }

    // __drain_all_pages is called on one CPU, whose events these are.
    [Theory]
    [InlineData("6.1")]
    [InlineData("6.12")]
    public void ADrainEmptiesTheListsOfOneCpuAfterTheOther(string release)
    {
        GuidedRun run = Follow(
        [
            .. Refill(0, 3), Allocate(0), .. Refill(3, 3, cpu: 1), Allocate(3, cpu: 1),
            Drain(2, cpu: 1), Drain(1, cpu: 1), Drain(5, cpu: 1), Drain(4, cpu: 1),
        ], release: release);

        Assert.Equal((4, 4), (run.Tallies.Drain.Predicted, run.Tallies.Drain.Total));
        Assert.Empty(run.System.Audit());
    }

    [Fact]
    public void WhatLeftAListSilentlyDoesNotStandInTheWayOfADrain()
    {
        // Page 2 is refilled and not named again; page 1 is drained first.
        GuidedRun run = Follow([.. Refill(0, 3), Allocate(0), Drain(1)]);

        Assert.Equal((1, 1), (run.Tallies.Drain.Predicted, run.Tallies.Drain.Total));
        Assert.Equal(1, run.Tallies.SilentAllocations);
    }

    [Fact]
    public void ARequestThatGoesPastAListThatIsNotEmptyIsNoRefill()
    {
        GuidedRun run = Follow([.. Refill(0, 3), Allocate(0), .. Refill(3, 1), Allocate(3), Allocate(1)]);

        Assert.Equal((1, 1), (run.Tallies.Buddy.Predicted, run.Tallies.Buddy.Total));
        Assert.Equal((1, 1), (run.OwnRefills.Predicted, run.OwnRefills.Total));
        Assert.Empty(run.Tallies.Misses);
    }

    [Fact]
    public void AListThatTheKernelRefillsWasEmpty()
    {
        GuidedRun run = Follow([.. Refill(0, 3), Allocate(0), .. Refill(3, 2), Allocate(3), Allocate(4), Allocate(1)]);

        Assert.Equal((3, 4), (run.Tallies.PerCpu.Predicted, run.Tallies.PerCpu.Total));
        Assert.Equal(2, run.Tallies.SilentAllocations);
    }

    [Fact]
    public void TheWorkerOfVmstatDrainsFromTheFirstList()
    {
        GuidedRun run = Follow(
        [
            .. Refill(0, 3), Allocate(0), .. Refill(3, 6, type: 2), Drain(2, task: "kworker/0:1"), Drain(1, task: "kworker/0:1"),
            Allocate(3, type: 2),
        ]);

        Assert.Equal((2, 2), (run.Tallies.Drain.Predicted, run.Tallies.Drain.Total));
    }

    [Fact]
    public void KswapdIsAtWorkBetweenEventsThatAreNotFarApart()
    {
        Trace trace = Recorded([Allocate(0), "0|kswapd0|mm_page_free: page=00000000c3b0c4fd pfn=0x40000 order=0", Allocate(1),
            "0|kswapd0|mm_page_free: page=00000000c3b0c4fd pfn=0x40001 order=0", Allocate(2)]);
        WorkingKswapd kswapd = new(trace);

        Assert.Equal([false, true, true, true, false], Enumerable.Range(0, 5).Select(index => kswapd.IsAtWork(index)));
    }

    private static string[] Refill(int first, int folios, int order = 0, int cpu = 0, int type = 1) =>
        [.. Enumerable.Range(0, folios).Select(folio =>
            $"{cpu}|init|mm_page_alloc_zone_locked: page=00000000c3b0c4fd pfn=0x{0x40000 + first + (folio << order):x} order={order} "
                + $"migratetype={type} percpu_refill=1")];

    private static string Allocate(int page, int order = 0, int cpu = 0, int type = 1) =>
        $"{cpu}|init|mm_page_alloc: page=00000000c3b0c4fd pfn=0x{0x40000 + page:x} order={order} migratetype={type} gfp_flags="
            + (type == 1 ? "GFP_HIGHUSER_MOVABLE" : "GFP_KERNEL|__GFP_RECLAIMABLE");

    private static string Free(int page, int order = 0) =>
        $"0|init|mm_page_free: page=00000000c3b0c4fd pfn=0x{0x40000 + page:x} order={order}";

    private static string Drain(int page, int cpu = 0, string task = "init") =>
        $"{cpu}|{task}|mm_page_pcpu_drain: page=00000000c3b0c4fd pfn=0x{0x40000 + page:x} order=0 migratetype=1";

    private static Trace Recorded(string[] events)
    {
        IEnumerable<string> lines = events.Select((line, index) => (Parts: line.Split('|'), Index: index))
            .Select(at => $"            {at.Parts[1]}-1       [00{at.Parts[0]}] .....   100.{at.Index:d6}: {at.Parts[2]}\n");
        string text = "# tracer: nop\n#\n" + string.Concat(lines);
        return TraceFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), "recording");
    }

    private static GuidedRun Follow(string[] events, int freePages = 16, string release = "6.12")
    {
        MemoryLayout layout = MemoryLayout.For(MemoryBoard.Flat(64 << 20, PageGeometry.Page4K), PageGeometry.Page4K);
        byte[] flags = new byte[Frames * sizeof(ulong)];
        for (int page = 0; page < freePages; page++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(flags.AsSpan(page * sizeof(ulong)), 1UL << 10);
        }

        Trace trace = Recorded(events);
        MemorySystem system = new(layout, DesignCatalog.Parse("static").Create(), new MachineOptions(2, StartsEmpty: true)
        {
            Release = KernelRelease.Of(release)!.Value,
        });
        GuidedRun run = new(trace, system, new PageFlagsSnapshot(flags, layout, "kpageflags"), new TalliedEvents(new TraceFilter(), trace));
        run.Run();
        return run;
    }
}
