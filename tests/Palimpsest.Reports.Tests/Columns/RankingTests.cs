using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Columns;

/// <summary>docs/decisions/0006-ranking.md, sentence by sentence.</summary>
public sealed class RankingTests
{
    private const int Requests = 10_000;

    private static readonly ComparisonResult Tiny = TinyComparison.Run();

    private static readonly Column<DesignResult> Given = DesignColumns.Named(StorageColumns.GivenBackMean);

    private static DesignResult Design(string name, double givenBack = 100, long lost = 0, int min = 0, double cost = 0,
        bool isBound = false, bool breaksALaw = false) =>
        Tiny.Designs[^1] with
        {
            Design = new DesignFacts(name, "", "seed", "", isBound),
            Storage = new StorageFigures(1000, givenBack, min, 0, 0, 0, 0, 0, 0, BlockFillMean: 0, ReservedOverIdeal: 0),
            Counts = new DesignCounts { RefusedTagged = lost },
            Costs = new ModelledCosts(0, 0, 0, 0, 0, 0, 0, 0, 0, cost),
            Violations = breaksALaw ? [new LawViolation("TAG-1", "frame 7")] : [],
        };

    private static Ranking Of(params DesignResult[] designs) =>
        new(Tiny with { Designs = designs, Workload = Tiny.Workload with { TaggedAllocations = Requests } });

    [Fact]
    public void TheDesignThatGivesBackMostIsBest() =>
        Assert.Equal("b", Of(Design("a", 1), Design("b", 3), Design("c", 2)).Best!.Design.Name);

    [Fact]
    public void BoundsDoNotCompete()
    {
        DesignResult bound = Design("no-mte", 900, isBound: true);
        Ranking ranking = Of(bound, Design("a", 1), Design("b", 2), Design("c", 3));

        Assert.Equal("c", ranking.Best!.Design.Name);
        Assert.False(ranking.Competes(bound));
        Assert.False(ranking.IsBest(Given, bound));
    }

    [Fact]
    public void WithBoundsAloneNobodyIsBest() => Assert.Null(Of(Design("static", isBound: true), Design("no-mte", isBound: true)).Best);

    [Fact]
    public void WithoutADesignNobodyIsBest() => Assert.Null(Of().Best);

    [Fact]
    public void WhoeverBreaksALawDoesNotCompeteWhileAnotherKeepsAll()
    {
        Assert.Equal("b", Of(Design("a", 9, breaksALaw: true), Design("b", 1)).Best!.Design.Name);
        Assert.Equal("a", Of(Design("a", 9, breaksALaw: true), Design("b", 1, breaksALaw: true)).Best!.Design.Name);
    }

    [Theory]
    [InlineData(0, 10, "more")]
    [InlineData(0, 11, "less")]
    [InlineData(500, 510, "more")]
    [InlineData(500, 511, "less")]
    public void OneRequestInAThousandMoreThanTheLeastIsForgiven(long least, long lost, string best) =>
        Assert.Equal(best, Of(Design("more", 60, lost), Design("less", 7, least)).Best!.Design.Name);

    [Fact]
    public void AllocationsThatGotNoMemoryAreLostToo()
    {
        DesignResult failing = Design("a", 9) with { Counts = new DesignCounts { RefusedTagged = 6, FailedAllocations = 5 } };

        Assert.Equal("b", Of(failing, Design("b", 1)).Best!.Design.Name);
    }

    [Fact]
    public void AmongEqualsTheWorstMomentDecidesAndThenTheCost()
    {
        Assert.Equal("b", Of(Design("a", 5, min: 1), Design("b", 5, min: 2)).Best!.Design.Name);
        Assert.Equal("b", Of(Design("a", 5, min: 2, cost: 3), Design("b", 5, min: 2, cost: 1)).Best!.Design.Name);
    }

    [Fact]
    public void TheBestFigureOfAColumnIsMarkedAtWhicheverEndIsTheBetter()
    {
        Column<DesignResult> refused = DesignColumns.Named("refused_tagged_allocations");
        DesignResult[] designs = [Design("a", 100, lost: 3), Design("b", 300, lost: 2), Design("c", 200, lost: 1)];
        Ranking ranking = Of(designs);

        Assert.Equal([false, true, false], designs.Select(design => ranking.IsBest(Given, design)));
        Assert.Equal([false, false, true], designs.Select(design => ranking.IsBest(refused, design)));
    }

    [Fact]
    public void WhatMostShareIsNotMarked()
    {
        DesignResult[] three = [Design("a", 300), Design("b", 300), Design("c", 100)];
        DesignResult[] four = [.. three, Design("d", 100)];

        Assert.All(three, design => Assert.False(Of(three).IsBest(Given, design)));
        Assert.Equal([true, true, false, false], four.Select(design => Of(four).IsBest(Given, design)));
    }

    [Fact]
    public void WhatPeopleSeeAlikeIsAlike()
    {
        // 0.001 frames are less than a hundredth of a MiB.
        DesignResult[] designs = [Design("a", 300), Design("b", 300.001), Design("c", 100), Design("d", 100)];

        Assert.True(Of(designs).IsBest(Given, designs[0]));
    }

    [Fact]
    public void AColumnWithoutABetterEndAndAFigureThatWasNotMeasuredAreNotMarked()
    {
        DesignResult[] designs = [Design("a", 1, min: 1), Design("b", 300, min: 3), Design("c", 2, min: 2)];
        Ranking ranking = Of(designs);

        Assert.All(designs, design => Assert.False(ranking.IsBest(DesignColumns.Named("reservations.already"), design)));
        Assert.All(designs, design => Assert.False(ranking.IsBest(DesignColumns.Named(StorageColumns.BlockFill), design)));
    }

    [Fact]
    public void ADesignThatDoesNotCompeteIsNeverMarked()
    {
        DesignResult idle = Design("idle", 900, lost: 5_000);
        Ranking ranking = Of(idle, Design("a", 300), Design("b", 200));

        Assert.False(ranking.IsBest(Given, idle));
        Assert.Equal("a", ranking.Best!.Design.Name);
    }
}
