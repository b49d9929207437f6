using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Html.Verify;
using Palimpsest.Reports.Text;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>A verification on a terminal, from a result made by hand.</summary>
public sealed class VerifyTableTests
{
    private static readonly GuidedResult Guided = new()
    {
        Refill = new Tally(99, 100),
        PerCpu = new Tally(1_998, 2_000),
        Buddy = new Tally(0, 0),
        Drain = new Tally(300, 400),
        RangesFree = new Tally(5, 5),
        RangeMoves = new Tally(6, 7),
        Own = new Tally(8, 10),
        OwnRefills = new Tally(11, 12),
        OwnDrains = new Tally(13, 14),
        ByKind = [new KindTally(DecisionPath.Refill, 3, MigrateType.Movable, new Tally(99, 100))],
        ByTime = [],
        Misses = [.. Enumerable.Range(1, 10).Select(n =>
            new MissedPage(n, n * 1_500_000_000L, DecisionPath.Refill, 0, MigrateType.Unmovable, Model: 1, Kernel: 2, "why"))],
        AllocationsBeforeDivergence = null,
        SilentAllocations = 21,
        SilentFrees = 22,
        RangeSurplus = 23,
        WithdrawnFrames = 24,
        Contradictions = 25,
        LimitsLearned = 26,
        FreeAtStart = 27_000,
        TypedBlocks = 28,
        OriginNs = 0,
    };

    private static readonly Agreement End = new()
    {
        Figures = [new Figure("free pages", 110, 100), new Figure("drains", 5, 0)],
        ModelChunks = null,
        KernelChunks = null,
    };

    private static readonly VerificationResult Result = new()
    {
        Recording = new RecordingFacts("a/b/rec.dat", "trace-dat", TraceClock.Time, 12_345, 6, 2, 1, [], []),
        BoardName = "flat",
        Tallied = new TraceFilter(),
        Guided = Guided,
        GuidedEnd = null,
        FreeEnd = End,
        Moments = [],
        Violations = [],
    };

    [Theory]
    [InlineData("rec.dat: 12,345 events, 2 CPUs, 6 lost; tallied from second 0.0")]
    [InlineData("guided  refill                                    99         100    99.000")]
    [InlineData("        head of a per-CPU list                 1,998       2,000    99.900")]
    [InlineData("        next page of a drain                     300         400    75.000")]
    [InlineData("        ranges found free                          5           5   100.000")]
    [InlineData("        pages moved out of a range                 6           7    85.714")]
    [InlineData("own     allocations                                8          10    80.000")]
    [InlineData("        when and how many to refill               11          12    91.667")]
    [InlineData("        how many to drain                         13          14    92.857")]
    [InlineData("free    10 allocations before the first decision that differs")]
    [InlineData("silent  21 allocations, 22 frees past the lists, 23 pages of range surplus")]
    [InlineData("deduced 27,000 pages free at the first event, 28 pageblock types, 26 batch sizes; 24 pages conceded")]
    [InlineData("10 misses (--explain N shows the lists)")]
    [InlineData("free pages                                       110         100     10.00")]
    [InlineData("drains                                             5           0")]
    public void ALineSays(string line) => Assert.Contains(line, Lines(Result).Select(one => one.TrimEnd()));

    [Theory]
    [InlineData("6.12", "Allocator: the rules of Linux 6.12, the recorded kernel's.")]
    [InlineData("6.18", "Allocator: the rules of Linux 6.12, the nearest that are modelled to the recorded kernel's, 6.18: unverified.")]
    public void ItSaysWhoseRulesTheModelFollowed(string kernel, string line) =>
        Assert.Contains(line, Lines(Result with { Rules = RulesUsed.For(KernelRelease.Of(kernel)) }));

    [Fact]
    public void APathThatWasNeverTakenHasNoRow() =>
        Assert.DoesNotContain(Lines(Result), line => line.Contains("request to the buddy lists", StringComparison.Ordinal));

    [Fact]
    public void EightMissesAreShownWithTheirNumbers()
    {
        string[] misses = [.. Lines(Result).Where(line => line.Contains(" s  ", StringComparison.Ordinal))];

        Assert.Equal(8, misses.Length);
        Assert.StartsWith("   1  1.500 s  ", misses[0], StringComparison.Ordinal);
        Assert.EndsWith(", order 0, Unmovable", misses[7], StringComparison.Ordinal);
    }

    [Fact]
    public void TheFirstDecisionThatDiffersIsWhereTheFreeRunEnds() => Assert.Contains(
        "free    7 allocations before the first decision that differs",
        Lines(Result with { Guided = Guided with { AllocationsBeforeDivergence = 7 } }));

    [Fact]
    public void WithoutRefillsItSaysWhyThereIsNoPageByPage() => Assert.Contains(
        "page by page: not possible, the recording has no refills (kmem:mm_page_alloc_zone_locked)", Lines(Result with { Guided = null }));

    [Fact]
    public void ListsStandAboveEachOtherByTypeAndEmptyTypesAreLeftOut()
    {
        FreeChunkCounts model = new();
        FreeChunkCounts kernel = new();
        model.Chunks[(int)MigrateType.Movable][3] = 12;
        kernel.Chunks[(int)MigrateType.Movable][3] = 10;
        string[] lines = Lines(Result with { FreeEnd = End with { ModelChunks = model, KernelChunks = kernel } });

        Assert.Contains("free lists at the end, never corrected: 20.00 % of free memory is of another order or type", lines);
        int at = Array.FindIndex(lines, line => line.StartsWith("  Movable      model  ", StringComparison.Ordinal));
        Assert.Contains("    12", lines[at], StringComparison.Ordinal);
        Assert.Equal(lines[at].IndexOf("    12", StringComparison.Ordinal), lines[at + 1].IndexOf("    10", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("  Unmovable ", StringComparison.Ordinal));
    }

    [Fact]
    public void SnapshotsAreShownWhereThereAreTwo()
    {
        MomentResult moment = new("s1", 10, 2_000_000_000, UncertainPages: 1_234, End with { ModelPerCpu = [1, 2], KernelPerCpu = [3, 4] });
        string[] one = Lines(Result with { Moments = [moment] });
        string[] two = Lines(Result with { Moments = [moment, moment with { Name = "s2", TimeNs = -1, UncertainPages = null }] });

        Assert.DoesNotContain("never corrected, at each snapshot", one);
        Assert.Contains("never corrected, at each snapshot", two);
        Assert.Contains(two, line => line.StartsWith("s1             2.0", StringComparison.Ordinal)
            && line.EndsWith("             1 + 2             3 + 4", StringComparison.Ordinal));
        Assert.Contains(two, line => line.StartsWith("s2             0.0", StringComparison.Ordinal));
        Assert.Contains("  placed by pgalloc of vmstat, within 1,234 pages allocated", two);
        Assert.Contains("  s2                                             110         100     10.00", two);
    }

    [Fact]
    public void OfManyCpusTheSumIsShown()
    {
        MomentResult moment = new("s1", 10, 0, UncertainPages: null,
            End with { ModelPerCpu = [1, 2, 3, 4, 1_000], KernelPerCpu = [1, 2, 3, 4] });
        string line = Lines(Result with { Moments = [moment, moment] }).First(line => line.StartsWith("s1 ", StringComparison.Ordinal));

        Assert.EndsWith("             1,010     1 + 2 + 3 + 4", line, StringComparison.Ordinal);
    }

    [Fact]
    public void ThreeBrokenLawsAreSpelledOut()
    {
        LawViolation[] broken = [.. Enumerable.Range(1, 5).Select(n => new LawViolation("BUDDY-1", $"list {n}"))];
        string[] lines = [.. Lines(Result with { Violations = broken })
            .Where(line => line.StartsWith("law broken", StringComparison.Ordinal))];

        Assert.Equal(["law broken: BUDDY-1: list 1", "law broken: BUDDY-1: list 2", "law broken: BUDDY-1: list 3"], lines);
    }

    [Fact]
    public void WhatWasTalliedIsSaidWhereItIsNotAll()
    {
        VerificationResult some = Result with { Tallied = new TraceFilter { FromNs = 3_000_000_000, Cpus = [1] } };

        Assert.EndsWith("tallied from second 3.0", Lines(some)[0], StringComparison.Ordinal);
        Assert.Contains(some.OnlyTallied!, Lines(some));
        Assert.Null(Result.OnlyTallied);
    }

    [Theory]
    [InlineData(0, 0, "–", "–")]
    [InlineData(1, 1, "100.000", "100 %")]
    [InlineData(999_999, 1_000_000, "99.999", "99.999 %")]
    [InlineData(9_999_999, 10_000_000, "99.999", "99.999 %")]
    [InlineData(1, 2, "50.000", "50 %")]
    [InlineData(2, 3, "66.667", "66.667 %")]
    [InlineData(0, 3, "0.000", "0 %")]
    public void AHundredPerCentIsWhereNothingDiffersOnly(long predicted, long total, string column, string text)
    {
        Assert.Equal(column, Shares.Column(new Tally(predicted, total)));
        Assert.Equal(text, Shares.Text(new Tally(predicted, total)));
    }

    private static string[] Lines(VerificationResult result)
    {
        using StringWriter writer = new();
        VerifyTable.Write(new Terminal(writer, hasStyles: false), result);
        return writer.ToString().Split('\n');
    }
}
