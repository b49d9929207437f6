using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Beyond;
using Palimpsest.Races.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests.Beyond;

/// <summary>A search of random programs counts what it ran, ends with the first that fails, and stands beside the races.</summary>
public sealed class BeyondSearchTests
{
    private static readonly CancellationToken Enough = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 5, 1UL, "random programs 1 to 1")]
    [InlineData(3, 7, 10UL, "random programs 10 to 12")]
    public void EachProgramRunsInAsManySchedules(int programs, int schedules, ulong seed, string title)
    {
        RaceResult result = Search("static", programs, Safeguards.None, new RaceLimits(schedules, Seed: seed));

        Assert.Equal(programs * schedules, result.With.Schedules);
        Assert.Equal((BeyondSearch.Id, title, "", "static"),
            (result.Race.Id, result.Race.Title, result.Race.Safeguard, result.Race.Design));
        Assert.Null(result.Without);
        Assert.False(result.With.IsExhaustive);
    }

    [Fact]
    public void ProgramsOfTwoSearchesAreThoseOfOne()
    {
        RaceResult both = Search("tag-blocks", 2, Safeguards.None, new RaceLimits(6, Seed: 4));
        RaceResult first = Search("tag-blocks", 1, Safeguards.None, new RaceLimits(6, Seed: 4));
        RaceResult second = Search("tag-blocks", 1, Safeguards.None, new RaceLimits(6, Seed: 5));

        Assert.Equal(both.With.Steps, first.With.Steps + second.With.Steps);
        Assert.Equal(both.With.LongestRun, Math.Max(first.With.LongestRun, second.With.LongestRun));
    }

    [Fact]
    public void EvenSeedsSearchByPctAndOddOnesWalk()
    {
        Assert.Contains("PCT", Search("static", 1, Safeguards.None, new RaceLimits(1, Seed: 2)).With.Strategy, StringComparison.Ordinal);
        Assert.DoesNotContain("PCT", Search("static", 1, Safeguards.None, new RaceLimits(1, Seed: 3)).With.Strategy,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheFirstProgramThatFailsEndsTheSearch()
    {
        RaceResult result = Search("cma-no-tagged", 4, Safeguards.FaultOnAccess, new RaceLimits(40));

        Assert.False(result.Without!.Held);
        Assert.Equal(result.Without.Schedules, result.Without.FoundAfter);
        Assert.True(result.Without.FoundAfter < result.With.Schedules, $"{result.Without}");
        Assert.Equal(160, result.With.Schedules);
        Assert.Equal(RaceVerdict.Holds, RaceVerdicts.Of(result));
    }

    [Fact]
    public void SafeguardsThatAreLeftOutTogetherAreNamedTogether()
    {
        RaceResult result = Search("static", 1, Safeguards.StripTagged | Safeguards.FaultOnAccess, new RaceLimits(1));

        Assert.Equal("fault-on-access+strip-tagged", result.Race.Safeguard);
    }

    [Fact]
    public void WhoHasHadEnoughGetsWhatWasLookedAt()
    {
        using CancellationTokenSource enough = new();
        enough.Cancel();
        RaceResult result = BeyondSearch.Explore("static", 100, Safeguards.None, new RaceLimits(40), enough.Token);

        Assert.True(result.With.Held);
        Assert.Equal(0, result.With.Schedules);
    }

    [Theory]
    [InlineData("no-such-design", null)]
    [InlineData("static", "no-such-safeguard")]
    public void WhatIsNotThereIsTheCallersMistake(string design, string? without) =>
        Assert.Throws<UsageException>(
            () => new BeyondTrial(design) { Programs = 1, Without = without is null ? [] : [without] }.Run(Enough));

    [Fact]
    public void TheSameDescriptionGivesTheSameOutcome()
    {
        BeyondTrial trial = new("migrate-metadata") { Programs = 2, Limits = new RaceLimits(8, Seed: 21) };

        Assert.Equal(trial.Run(Enough), trial.Run(Enough));
    }

    private static RaceResult Search(string design, int programs, Safeguards without, RaceLimits limits) =>
        BeyondSearch.Explore(design, programs, without, limits, Enough);
}
