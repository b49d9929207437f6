using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Trials;

/// <summary>Whatever a comparison takes for granted stands in its report, and nothing that it does not.</summary>
public sealed class AssumptionTests
{
    private static IReadOnlyList<string> Of(Workload workload, double pinned = 0, MemoryLayout? layout = null) =>
        Assumptions.Of(Recording.Of("alloc 40010"), workload, layout ?? Recording.Layout, pinned, "memory as told");

    private static Workload Plain => Recording.Workload("alloc 40010");

    [Fact]
    public void TheStartAndThePinsAreAlwaysTold()
    {
        Assert.Contains("Start: memory as told; 0 pages in use before the first event.", Of(Plain));
        Assert.Contains("Pins: none; every movable page can be migrated (--pinned SHARE).", Of(Plain));
        Assert.Contains("Pins: 12.5 % of movable pages cannot be migrated (--pinned).", Of(Plain, pinned: 0.125));
    }

    [Fact]
    public void DemandThatDidNotFitIsToldWithWhatWasFreeThereAndHere()
    {
        Pressure tight = new(Stalls: 952, KswapdRuns: 18, SwapOuts: 7,
            [new FreeMemory("B1", 1, Kernel: 13562, Model: 41127), new FreeMemory("C", 2, Kernel: 5, Model: null)]);

        string demand = Told(tight);

        Assert.Contains("stalled 952 allocations, ran kswapd 18 times and swapped 7 pages out", demand, StringComparison.Ordinal);
        Assert.EndsWith("kernel / model: B1 13,562 / 41,127, C 5.", demand, StringComparison.Ordinal);
        Assert.Contains("it fitted", Told(null), StringComparison.Ordinal);
        Assert.Contains("it fitted", Told(tight with { Stalls = 0, SwapOuts = 0 }), StringComparison.Ordinal);
    }

    private static string Told(Pressure? pressure) => Assert.Single(
        Assumptions.Of(Recording.Of("alloc 40010"), Plain, Recording.Layout, 0, "memory as told", pressure),
        sentence => sentence.StartsWith("Demand: ", StringComparison.Ordinal));

    [Theory]
    [InlineData("flag", "lower bound")]
    [InlineData("mapped", "kprobe on mte_sync_tags")]
    [InlineData("snapshot", "kpageflags")]
    [InlineData("policy:redis*", "by policy:redis*, whatever the recorded kernel did")]
    public void EachTagSourceIsToldWithItsLimits(string source, string said) =>
        Assert.Contains(said,
            Assert.Single(Of(Plain with { TagSource = source }),
            sentence => sentence.StartsWith("Tagged pages: ", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void HowTheSourceFaresIsToldWhereAProbeKnows()
    {
        string sentence = Assert.Single(Of(Plain with { TagCoverage = new TagCoverage(Mapped: 200, Marked: 60, Both: 50) }),
            text => text.StartsWith("Tag source", StringComparison.Ordinal));

        Assert.Contains("marks 25.0 % of the 200 page lives that were mapped tagged; 10 that it marks never were", sentence,
            StringComparison.Ordinal);
        Assert.DoesNotContain(Of(Plain), text => text.StartsWith("Tag source", StringComparison.Ordinal));
    }

    public static TheoryData<string, string> Mends => new()
    {
        { "InUseBefore", "pages freed that were allocated before the recording" },
        { "HiddenAllocations", "pages freed twice" },
        { "LiveReallocations", "allocations of a page in use" },
        { "MigrationTargets", "target of a migration" },
        { "FailedAllocations", "allocations that failed on the recorded machine" },
        { "OrdersTooLarge", "allocations of an order that is not modelled" },
        { "MovedOut", "moved out of ranges" },
        { "HiddenRangePages", "given back page by page" },
        { "FramesNeverSeen", "pages in use that no event names" },
    };

    [Theory]
    [MemberData(nameof(Mends))]
    public void EveryMendIsCountedInASentenceAndOnlyThen(string mend, string said)
    {
        Repairs repairs = new();
        typeof(Repairs).GetProperty(mend)!.SetValue(repairs, 1_234L);

        Assert.Contains(Of(Plain with { Repairs = repairs }), sentence => sentence.StartsWith("Mended: 1,234 ", StringComparison.Ordinal)
            && sentence.Contains(said, StringComparison.Ordinal));
        Assert.DoesNotContain(Of(Plain), sentence => sentence.StartsWith("Mended", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatWasAssumedWhileReadingIsPassedOn()
    {
        Trace trace = TraceFile.Read(SampleText.PathOf("counter.txt"));

        Assert.NotEmpty(trace.Notes);
        Assert.Subset(Assumptions.Of(trace, Plain, Recording.Layout, 0, "s").ToHashSet(), trace.Notes.ToHashSet());
    }

    [Fact]
    public void ACountThatIsLessThanTheEventsShowIsSaid()
    {
        UsedFrames used = new(frames: 1);
        WorkloadBuilder.Build(Recording.Of("free 40010", "free 40011"), Recording.Layout, new WorkloadOptions(TagSource.Flag, 0, used));

        Assert.Equal("Start: 1 pages in use by count, 2 by the events: the count is from another moment, and the events are followed.",
            used.Note);
    }
}
