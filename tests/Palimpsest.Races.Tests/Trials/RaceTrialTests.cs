using System.Text.Json;
using Palimpsest.Races.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests.Trials;

/// <summary>A search is a description and gives numbers and strings: both survive being written and read.</summary>
public sealed class RaceTrialTests
{
    private const string ScheduleOfR7 = "schedule 1 R7 seed 1: reserve*4 free*4 reserve*3";

    private static readonly CancellationToken Enough = TestContext.Current.CancellationToken;

    [Fact]
    public void ADescriptionReadBackIsTheSame()
    {
        RaceTrial trial = new("X9") { Design = "tag-blocks:attempts=9", Without = ["references-first"], Limits = new RaceLimits(7, 2, 9) };
        RaceTrial back = JsonSerializer.Deserialize(JsonSerializer.Serialize(trial, RaceJson.Default.RaceTrial),
            RaceJson.Default.RaceTrial)!;
        BeyondTrial beyond = new("static") { Programs = 3, Without = ["references-first"] };
        BeyondTrial beyondBack = JsonSerializer.Deserialize(JsonSerializer.Serialize(beyond, RaceJson.Default.BeyondTrial),
            RaceJson.Default.BeyondTrial)!;

        Assert.Equal((trial.Id, trial.Design, trial.Limits), (back.Id, back.Design, back.Limits));
        Assert.Equal(trial.Without, back.Without);
        Assert.Equal((beyond.Design, beyond.Programs, beyond.Limits), (beyondBack.Design, beyondBack.Programs, beyondBack.Limits));
        Assert.Equal(beyond.Without, beyondBack.Without);
    }

    [Fact]
    public void AnOutcomeReadBackTellsTheSame()
    {
        RaceOutcome outcome = new RaceTrial("R7").Run(Enough);
        string json = JsonSerializer.Serialize(outcome, RaceJson.Default.RaceOutcome);
        RaceOutcome back = JsonSerializer.Deserialize(json, RaceJson.Default.RaceOutcome)!;

        Assert.Equal(RaceVerdict.Holds, back.Verdict);
        Assert.Equal(ScheduleOfR7, back.Failing!.Schedule);
        Assert.Equal(json, JsonSerializer.Serialize(back, RaceJson.Default.RaceOutcome));
    }

    [Fact]
    public void TheOutcomeIsThatOfTheSearch()
    {
        RaceResult result = RaceSearch.Explore("R7", design: null, new RaceLimits(), Enough);
        RaceOutcome outcome = new RaceTrial("r7").Run(Enough);

        Assert.Equal(("R7", result.Race.Title, result.Design, result.Race.Safeguard),
            (outcome.Id, outcome.Title, outcome.Design, outcome.Safeguard));
        Assert.Equal((result.Without!.FoundAfter, result.With.Schedules, result.With.IsExhaustive),
            (outcome.Without!.FoundAfter, outcome.With.Schedules, outcome.With.IsExhaustive));
        Assert.Equal("TAG-1", outcome.Failing!.Law);
        Assert.StartsWith("TAG-1: ", outcome.Failing.Failure, StringComparison.Ordinal);
        Assert.Equal(result.Without.Finding!.Shortest.Steps.Count, outcome.Failing.Steps);
    }

    [Fact]
    public void ASafeguardThatIsNamedIsLeftOutInsteadOfItsOwn()
    {
        RaceOutcome outcome = new RaceTrial("R7") { Without = ["erase-under-lock"], Limits = new RaceLimits(Schedules: 200) }.Run(Enough);

        Assert.Equal("erase-under-lock", outcome.Safeguard);
        Assert.True(outcome.Without!.Held);
        Assert.Equal(RaceVerdict.NotNeeded, outcome.Verdict);
    }

    [Theory]
    [InlineData("R7", null, false)]
    [InlineData("R7", "cma-no-tagged", false)]
    [InlineData("R7", "static", true)]
    public void AnotherDesignThanItsOwnIsKnownAsSuch(string id, string? design, bool isAnother) =>
        Assert.Equal(isAnother, new RaceTrial(id) { Design = design }.NamesAnotherDesign);

    [Fact]
    public void WhatADesignHasNoPlaceForIsRefused() =>
        Assert.Throws<RaceDoesNotApplyException>(() => new RaceTrial("R7") { Design = "static" }.Run(Enough));

    [Fact]
    public void AScheduleRunAgainFailsAgainStepByStep()
    {
        ToldRun run = new ScheduleTrial("r7.schedule", ScheduleOfR7).Run();

        Assert.Equal(("TAG-1", ScheduleOfR7), (run.Law, run.Schedule));
        Assert.Equal(
            [
                "frame 640 not reserved; block 20 reserved, 1 references",
                "frame 640 not reserved; block 20 lent, 0 references",
                "frame 640 reserved; block 20 lent, 1 references",
                "frame 640 reserved, tagged; block 20 lent, 1 references",
            ],
            run.Rows.Select(row => row.State).OfType<string>());
        Assert.Equal(
            ["frame 640 faults on access", "storage at frame 1044 is lent, frame 641 is untagged", "frame 640 is tagged"],
            run.Rows.Select(row => row.Heard).OfType<string>());
    }

    [Theory]
    [InlineData("no schedule at all", "bad.schedule: ")]
    [InlineData("schedule 1 R99 seed 1: one", "bad.schedule: there is no race R99")]
    public void WhatIsNoScheduleIsRefusedByTheNameOfItsFile(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<InputException>(() => new ScheduleTrial("bad.schedule", text).Run()).Message,
            StringComparison.Ordinal);
}
