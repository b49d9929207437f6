using Palimpsest.Designs;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Testing.Recordings;

namespace Palimpsest.Lab.Tests.Metrics;

/// <summary>Means are weighted by time, extremes are those of every step, and modelled time is counts times costs.</summary>
public sealed class GaugeTests
{
    private static WorkloadReplay Replay(string design, params string[] lines) =>
        new(Recording.Workload(lines), Recording.Layout, DesignCatalog.Parse(design).Create(), new MachineOptions(Cpus: 1),
            CostTable.Default);

    private static StorageFigures Run(string design, params string[] lines)
    {
        WorkloadReplay replay = Replay(design, lines);
        replay.Run(timeLine: null, progress: null, TestContext.Current.CancellationToken);
        return replay.Gauge.Figures;
    }

    [Fact]
    public void WhatIsHeldHalfOfTheTimeIsHalfAsMuchOnAverage()
    {
        // Tagged from 0 to 500 ms of a second.
        string[] lines = ["alloc 40010 tagged", .. Enumerable.Range(0, 499)
            .Select(number => number % 2 == 0 ? "alloc 43000" : "free 43000"), "free 40010"];
        StorageFigures figures = Run("migrate-metadata", lines);

        Assert.Equal(0.5, figures.TaggedMean, 2);
        Assert.Equal(0.5, figures.ReservedMean, 2);
        Assert.Equal((1, 511), (figures.ReservedMax, figures.GivenBackMin));
        Assert.Equal(511.5, figures.GivenBackMean, 2);
    }

    [Fact]
    public void TheWorstMomentIsTheFirstAtWhichLeastIsGivenBack()
    {
        StorageFigures figures = Run("migrate-metadata", "alloc 40010", "alloc 40020 tagged", "alloc 40030", "free 40020",
            "alloc 40040 tagged");

        Assert.Equal((511, 1_000_000), (figures.GivenBackMin, figures.GivenBackMinTimeNs));
    }

    [Fact]
    public void ATagOnOneOfThirtyTwoPagesFillsAThirtySecondOfItsStorage()
    {
        StorageFigures one = Run("migrate-metadata", "alloc 40020 tagged");
        StorageFigures all = Run("migrate-metadata", "alloc 40020 order=5 tagged");

        Assert.Equal((1, 32), (one.BlockFillMean, all.BlockFillMean));
        Assert.Equal((1, 1), (one.ReservedOverIdeal, all.ReservedOverIdeal));
    }

    [Fact]
    public void WithoutTagsThereIsNoFillAndNoIdeal()
    {
        StorageFigures figures = Run("migrate-metadata", "alloc 40010");

        Assert.Equal((0, 0, 0), (figures.BlockFillMean, figures.ReservedOverIdeal, figures.ReservedMax));
        Assert.Equal(512, figures.GivenBackMean);
    }

    [Fact]
    public void SamplesAreAtEvenDistancesAndHoldWhatHeldUntilThen()
    {
        WorkloadReplay replay = Replay("migrate-metadata", "alloc 40010 tagged", "alloc 40020", "free 40010");
        TimeLine line = new(replay.System, durationNs: 1_000_000_000, points: 10);
        replay.Run(line, progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 11).Select(number => number * 100_000_000L), line.Points.Select(point => point.TimeNs));
        Assert.Equal(0, line.Points[0].Tagged);
        Assert.All(line.Points.Skip(1), point => Assert.Equal((0, 0), (point.Tagged, point.Reserved)));
        Assert.Equal(32 + 1, line.Peak.Histogram.Length);
    }

    [Fact]
    public void TheFullestSampleIsKeptAsAHistogram()
    {
        string[] pages = [.. Enumerable.Range(0, 8).Select(page => $"alloc {0x40020 + page:x} tagged")];
        WorkloadReplay replay = Replay("migrate-metadata", pages);
        TimeLine line = new(replay.System, durationNs: 1_000_000_000, points: 10);
        replay.Run(line, progress: null, TestContext.Current.CancellationToken);

        Assert.Equal(1, line.Peak.Histogram.Sum());
        Assert.Equal(1, line.Peak.Histogram[8]);
    }

    [Fact]
    public void EachCauseIsItsCountTimesItsCost()
    {
        KernelCounters counters = new()
        {
            AlreadyReserved = 2, ReservedFree = 3, BlockConversions = 4, TagMigratedFrames = 5, TagBlocksIsolated = 6, TagInterrupts = 7,
            DataLinesInvalidated = 8, TagLinesInvalidated = 9, ReplacedPages = 10, FailedReservations = 11,
        };
        ModelledCosts costs = new CostTable(1, 10, 100, 1_000, 10_000, 100_000, 1e6, 1e7).Of(TagStorageWork.Of(counters));

        Assert.Equal((2, 70, 500, 5_000), (costs.Lookup, costs.BuddyTake, costs.Copy, costs.Remap));
        Assert.Equal((60_000, 700_000, 17e6, 21e7), (costs.Isolate, costs.Interrupts, costs.CacheLines, costs.Faults));
        Assert.Equal(
            costs.Lookup + costs.BuddyTake + costs.Copy + costs.Remap + costs.Isolate + costs.Interrupts + costs.CacheLines + costs.Faults,
                costs.Total);
    }

    [Theory]
    [InlineData("static", PageUse.StorageReserved)]
    [InlineData("no-mte", PageUse.StorageFree)]
    [InlineData("migrate-metadata", PageUse.StorageFree)]
    public void TheMapHasACellForEachPageblock(string design, PageUse storage)
    {
        byte[] map = MemoryMapPicture.Of(Replay(design, "alloc 40010").System);

        Assert.Equal(Recording.Layout.Frames / Recording.Layout.Geometry.PageBlockFrames, map.Length);
        Assert.Equal((PageUse.Free, storage),
            ((PageUse)map[0], (PageUse)map[Recording.Layout.Storage[0].FirstFrame >> Recording.Layout.Geometry.PageBlockOrder]));
    }
}
