using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Text;
using Palimpsest.Testing.Recordings;
using Palimpsest.Traces;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>What is in a recording, in lines that say what is known and what the file does not tell.</summary>
public sealed class TraceDescriptionTests
{
    private static readonly InspectionResult Sample = new InspectionTrial(new(SampleText.PathOf("counter.txt"))).Run() with
    {
        Recording = new RecordingFacts("a.dat", "trace-dat", TraceClock.Time, Events: 12_345, LostEvents: 6, Cpus: 3, DurationNs: 1,
            [KeyValuePair.Create("few", 2L), KeyValuePair.Create("many", 1_000L)], ["Something was assumed."]),
        KernelRelease = "6.1.0",
        PageBytes = 16_384,
        FirstTimeNs = 1_500_000_000,
        LastTimeNs = 4_000_000_000,
        Tasks = 77,
        Allocations = 200,
        FlaggedAllocations = 50,
        Frees = 90,
        FailedAllocations = 3,
        InUseBefore = 3,
        HiddenAllocations = 1,
        LiveReallocations = 5,
        TaggedMappings = 8,
        TaggedMigrations = 9,
        AllocationsByOrder = [190, 0, 10],
        GfpSets = [KeyValuePair.Create("GFP_KERNEL", 150L)],
    };

    [Theory]
    [InlineData("a.dat: trace-dat")]
    [InlineData("kernel      6.1.0")]
    [InlineData("page size   16 KiB")]
    [InlineData("events      12,345, 6 lost")]
    [InlineData("time        2.500 s, from 1.500000 to 4.000000")]
    [InlineData("CPUs        3")]
    [InlineData("tasks       77")]
    [InlineData("pages       200 allocations, 3 failed; 90 frees; 4 pages freed without an allocation, 5 allocations of pages in use")]
    [InlineData("tagged      50 allocations (25.0 %) by __GFP_ZEROTAGS; 8 mappings by a probe, 9 by migrations")]
    [InlineData("           190  order 0")]
    [InlineData("            10  order 2")]
    [InlineData("           150  GFP_KERNEL")]
    [InlineData("note: Something was assumed.")]
    public void ALineSays(string line) => Assert.Contains(line.TrimStart(), TraceDescription.Lines(Sample).Select(one => one.TrimStart()));

    [Fact]
    public void EventsStandByTheirNumberAndEmptyOrdersAreLeftOut()
    {
        string[] lines = [.. TraceDescription.Lines(Sample)];

        Assert.True(Array.FindIndex(lines, line => line.EndsWith("  many", StringComparison.Ordinal))
            < Array.FindIndex(lines, line => line.EndsWith("  few", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.EndsWith("order 1", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatTheFileDoesNotTellIsSaid()
    {
        InspectionResult bare = Sample with { KernelRelease = null, PageBytes = null,
            Recording = Sample.Recording with { Clock = TraceClock.Counter } };
        string[] lines = [.. TraceDescription.Lines(bare)];

        Assert.Contains("kernel      the file does not tell", lines);
        Assert.Contains("page size   the file does not tell", lines);
        Assert.Contains("time        none: the clock counts Counter", lines);
    }

    [Fact]
    public void OfManySetsOfFlagsTheCommonestAreShownAndAllCounted()
    {
        InspectionResult many =
            Sample with { GfpSets = [.. Enumerable.Range(0, 30).Select(n => KeyValuePair.Create($"SET_{n}", 100L - n))] };
        string[] lines = [.. TraceDescription.Lines(many)];

        Assert.Contains("allocations by flags, the 12 commonest of 30", lines);
        Assert.Contains(lines, line => line.EndsWith("  SET_11", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.EndsWith("  SET_12", StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutAllocationsNoShareOfThemIsTagged() => Assert.Contains(
        TraceDescription.Lines(Sample with { Allocations = 0, FlaggedAllocations = 0 }),
        line => line.StartsWith("tagged      0 allocations (0.0 %)", StringComparison.Ordinal));

    [Fact]
    public void EachQuestionIsAnsweredWithItsReason() => Assert.All(Sample.Answers, answer => Assert.Contains(
        $"  {(answer.Can ? "yes" : "no "),-3}  {answer.Question}: {answer.Why}", TraceDescription.Lines(Sample)));
}
