using Palimpsest.Exploration;
using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Races.Trials;

namespace Palimpsest.Races.Tests;

/// <summary>What two searches say together, for each way that they can have ended.</summary>
public sealed class RaceVerdictTests
{
    private const string Own = "cma-no-tagged";
    private const string Another = "tag-blocks";

    // R1 is made for save-tags-by-pfn under cma-no-tagged; R33 for no safeguard; R36 and R15+ are claims that nothing is against.
    [Theory]
    [InlineData("R1", Own, "found", "held", RaceVerdict.Holds)]
    [InlineData("R1", Own, "held", "held", RaceVerdict.NotFound)]
    [InlineData("R1", Own, "found", "found", RaceVerdict.Broken)]
    [InlineData("R1", Own, "held", "found", RaceVerdict.Broken)]
    [InlineData("R1", Another, "held", "held", RaceVerdict.NotNeeded)]
    [InlineData("R1", Another, "found", "held", RaceVerdict.Holds)]
    [InlineData("R1", Another, "found", "found", RaceVerdict.Broken)]
    [InlineData("R33", Own, "", "held", RaceVerdict.Holds)]
    [InlineData("R33", Own, "", "found", RaceVerdict.Broken)]
    [InlineData("R36", "cma-untagged-only", "", "found", RaceVerdict.Open)]
    [InlineData("R36", Another, "", "held", RaceVerdict.Holds)]
    [InlineData("R37", Own, "", "found", RaceVerdict.Open)]
    [InlineData("R15+", Own, "", "found", RaceVerdict.Open)]
    public void TwoSearchesTogetherSay(string id, string design, string without, string with, RaceVerdict verdict) =>
        Assert.Equal(verdict, RaceVerdicts.Of(Result(id, design, Search(without, "DATA"), Search(with, "DATA")!)));

    [Theory]
    [InlineData("cma-untagged-only", "Livelock", RaceVerdict.Open)]
    [InlineData("cma-untagged-only", "Deadlock", RaceVerdict.Broken)]
    [InlineData("cma-no-tagged", "Livelock", RaceVerdict.Broken)]
    public void OnlyWhereVersionTwoFaultsForEverNothingWasProposedAgainstIt(string design, string law, RaceVerdict verdict) =>
        Assert.Equal(verdict, RaceVerdicts.Of(Result("R16", design, null, Search("found", law)!)));

    [Theory]
    [InlineData(RaceVerdict.Holds, false)]
    [InlineData(RaceVerdict.Broken, true)]
    [InlineData(RaceVerdict.NotFound, true)]
    [InlineData(RaceVerdict.NotNeeded, false)]
    [InlineData(RaceVerdict.Open, false)]
    public void AVerdictIsAFailureOrNot(RaceVerdict verdict, bool isFailure) => Assert.Equal(isFailure, RaceVerdicts.IsFailure(verdict));

    [Fact]
    public void AnOutcomeSaysWhatItsSearchesSaid()
    {
        RaceOutcome outcome = RaceOutcome.Of(Result("R1", Own, Search("found", "TAG-1"), Search("held", "")!));

        Assert.Equal(("R1", Own, "save-tags-by-pfn", RaceVerdict.Holds), (outcome.Id, outcome.Design, outcome.Safeguard, outcome.Verdict));
        Assert.Equal(("walk", 12L, false, 2, 12L), (outcome.Without!.Strategy, outcome.Without.Schedules, outcome.Without.IsExhaustive,
            outcome.Without.PreemptionBound, outcome.Without.FoundAfter));
        Assert.False(outcome.Without.Held);
        Assert.True(outcome.Without.IsShortest);
        Assert.True(outcome.With.Held);
        Assert.False(outcome.With.IsShortest);
        Assert.Null(outcome.With.Failing);
    }

    [Theory]
    [InlineData("found", "found", "TAG-1")]
    [InlineData("held", "found", "TAG-2")]
    [InlineData("", "found", "TAG-2")]
    [InlineData("found", "held", "TAG-1")]
    [InlineData("held", "held", null)]
    public void TheRunThatIsToldIsThatWithoutTheSafeguardWhereThereIsOne(string without, string with, string? law)
    {
        RaceOutcome outcome = RaceOutcome.Of(Result("R1", Own, Search(without, "TAG-1"), Search(with, "TAG-2")!));

        Assert.Equal(law, outcome.Failing?.Law);
    }

    private static RaceResult Result(string id, string design, SearchResult? without, SearchResult with) =>
        new(RaceCatalog.All.First(entry => entry.Id == id), design, without, with);

    private static SearchResult? Search(string how, string law)
    {
        RunRecord run = new(Schedule.Parse("schedule 1 R1 seed 1: one"), ["one"], [], Preemptions: 0,
            new Failure(FailureKind.Law, law, "broken", Step: 1));
        return how switch
        {
            "" => null,
            "held" => new SearchResult("R1", "depth first", 12, 0, 40, 9, true, 2, 0, null),
            _ => new SearchResult("R1", "walk", 12, 0, 40, 9, false, 2, 12, new Finding(run.Schedule, run, IsShortest: true)),
        };
    }
}
