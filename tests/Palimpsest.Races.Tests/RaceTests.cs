using Palimpsest.Exploration;
using Palimpsest.Races.Trials;

namespace Palimpsest.Races.Tests;

/// <summary>Each race is found without its safeguard, within bounds not found with it, and told so that it can be repeated.</summary>
public sealed class RaceTests
{
    private static readonly RaceLimits Limits = new(Schedules: 1500, Preemptions: 2);

    public static TheoryData<string> Guarded() => [.. RaceCatalog.All.Where(race => race.Safeguard.Length > 0).Select(race => race.Id)];

    [Theory]
    [MemberData(nameof(Guarded))]
    public void ItIsFoundWithoutItsSafeguardOnly(string id)
    {
        RaceResult result = RaceSearch.Explore(id, design: null, Limits, TestContext.Current.CancellationToken);

        Assert.NotNull(result.Without!.Finding);
        Assert.True(result.With.Held, result.With.Finding?.Shortest.Failure?.ToString());
        Assert.True(result.With.IsExhaustive && result.With.PreemptionBound is null or 2, result.With.ToString());
        Assert.Equal(RaceVerdict.Holds, RaceVerdicts.Of(result));
    }

    [Theory]
    [InlineData("R1")]
    [InlineData("R7")]
    public void TheSameSeedTellsTheSame(string id)
    {
        RaceResult first = RaceSearch.Explore(id, design: null, Limits, TestContext.Current.CancellationToken);
        RaceResult second = RaceSearch.Explore(id, design: null, Limits, TestContext.Current.CancellationToken);

        Assert.Equal(first.With.ToString(), second.With.ToString());
        Assert.Equal(first.Without!.ToString(), second.Without!.ToString());
        Assert.Equal(ToldRun.Of(first.Without!.Finding!.Shortest).Rows.Select(row => row.Words),
            ToldRun.Of(second.Without!.Finding!.Shortest).Rows.Select(row => row.Words));
    }

    [Fact]
    public void ASearchThatIsCutShortSaysSo()
    {
        SearchResult search = RaceSearch.Search("R2b", design: null, Kernel.Steps.Safeguards.None, new RaceLimits(Schedules: 20),
            TestContext.Current.CancellationToken);

        Assert.False(search.IsExhaustive);
    }

    [Fact]
    public void TheResidualOfR15NeverEndsAndIsNoFailure()
    {
        RaceResult result = RaceSearch.Explore("R15+", design: null, Limits, TestContext.Current.CancellationToken);

        Assert.Equal("Livelock", result.With.Finding?.Shortest.Failure?.Law);
        Assert.Equal(RaceVerdict.Open, RaceVerdicts.Of(result));
        Assert.False(RaceVerdicts.IsFailure(RaceVerdict.Open));
    }

    [Theory]
    [InlineData("R36", "cma-page-granular")]
    [InlineData("R37", "tag-blocks")]
    public void MemoryThatADesignKeepsBackAnotherHandsOut(string id, string other)
    {
        RaceResult own = RaceSearch.Explore(id, design: null, Limits, TestContext.Current.CancellationToken);
        RaceResult counterpart = RaceSearch.Explore(id, other, Limits, TestContext.Current.CancellationToken);

        Assert.Equal("OOM", own.With.Finding?.Shortest.Failure?.Law);
        Assert.Equal(RaceVerdict.Open, RaceVerdicts.Of(own));
        Assert.True(counterpart.With.Held, counterpart.With.Finding?.Shortest.Failure?.ToString());
        Assert.Equal(RaceVerdict.Holds, RaceVerdicts.Of(counterpart));
    }

    [Theory]
    [InlineData("R33")]
    [InlineData("R35")]
    [InlineData("R38")]
    public void ClaimsThatNeedNoSafeguardHold(string id) =>
        Assert.Equal(RaceVerdict.Holds,
            RaceVerdicts.Of(RaceSearch.Explore(id, design: null, Limits, TestContext.Current.CancellationToken)));

    [Fact]
    public void WithoutReferencesFirstTheAccountsOfABlockBreak()
    {
        SearchResult search = RaceSearch.Search("R38", design: null, Kernel.Steps.Safeguards.ReferencesFirst, Limits,
            TestContext.Current.CancellationToken);

        Assert.False(search.Held);
    }

    [Fact]
    public void TheSameFindingInARaceThatHasASafeguardIsAFailure()
    {
        RaceResult residual = RaceSearch.Explore("R15+", design: null, Limits, TestContext.Current.CancellationToken);
        RaceResult guarded = residual with { Race = residual.Race with { Id = "R15", Safeguard = "replace-when-busy" },
            Without = residual.With };

        Assert.Equal(RaceVerdict.Broken, RaceVerdicts.Of(guarded));
        Assert.True(RaceVerdicts.IsFailure(RaceVerdict.Broken));
    }

    [Fact]
    public void ASafeguardThatMakesNoDifferenceIsAFailureWhereTheRaceIsMadeForIt()
    {
        RaceResult holds = RaceSearch.Explore("X9", design: null, Limits, TestContext.Current.CancellationToken);
        RaceResult useless = holds with { Without = holds.With };

        Assert.Equal(RaceVerdict.NotFound, RaceVerdicts.Of(useless));
        Assert.True(RaceVerdicts.IsFailure(RaceVerdict.NotFound));
        Assert.Equal(RaceVerdict.NotNeeded, RaceVerdicts.Of(useless with { Design = "tag-blocks" }));
        Assert.Equal(RaceVerdict.NotNeeded, RaceVerdicts.Of(useless with { Race = useless.Race with { Safeguard = "fault-on-access" } }));
        Assert.False(RaceVerdicts.IsFailure(RaceVerdict.NotNeeded));
    }

    [Fact]
    public void EveryRaceOfTheListIsAScenarioOrSaysWhyNotOnce()
    {
        IEnumerable<string> listed = Enumerable.Range(1, 39).Select(number => $"R{number}")
            .Concat(Enumerable.Range(1, 15).Select(number => $"X{number}")).Concat(["R2b", "R5b", "R15+"]);
        // T, V and W are ours.
        IEnumerable<string> told = RaceCatalog.All.Select(race => race.Id).Where(id => id[0] is not ('T' or 'V' or 'W'))
            .Concat(RaceCatalog.Unexplored.Select(race => race.Id));

        Assert.Equal(listed.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }
}
