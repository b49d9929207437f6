using System.Text.Json;
using Palimpsest.Races.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests.Trials;

/// <summary>A schedule that is run again is followed to its end, or says in one line why it cannot be.</summary>
public sealed class ScheduleTrialTests
{
    private const string OfR7 = "schedule 1 R7 seed 1: reserve*4 free*4 reserve*3";
    private const string OfX9 = "schedule 1 X9 seed 1: ";

    [Fact]
    public void ADescriptionReadBackIsTheSame()
    {
        ScheduleTrial trial = new("a \"b\".schedule", OfR7) { Design = "tag-blocks", Without = ["references-first", "strip-tagged"] };
        ScheduleTrial back = JsonSerializer.Deserialize(JsonSerializer.Serialize(trial, RaceJson.Default.ScheduleTrial),
            RaceJson.Default.ScheduleTrial)!;

        Assert.Equal((trial.Name, trial.Text, trial.Design), (back.Name, back.Text, back.Design));
        Assert.Equal(trial.Without, back.Without);
    }

    [Fact]
    public void ADescriptionWithoutChoicesIsReadWithTheRacesOwn()
    {
        ScheduleTrial back = JsonSerializer.Deserialize("""{"name":"f","text":"t"}""", RaceJson.Default.ScheduleTrial)!;

        Assert.Null(back.Design);
        Assert.Empty(back.Without);
    }

    [Fact]
    public void ASearchThatIsDescribedByItsNameAloneIsThatOfTheCommand()
    {
        RaceTrial race = JsonSerializer.Deserialize("""{"id":"R7"}""", RaceJson.Default.RaceTrial)!;
        BeyondTrial beyond = JsonSerializer.Deserialize("""{"design":"static"}""", RaceJson.Default.BeyondTrial)!;

        Assert.Equal(new RaceLimits(20_000, 4, 1), race.Limits);
        Assert.Empty(race.Without);
        Assert.Equal((100, new RaceLimits(40, 4, 1)), (beyond.Programs, beyond.Limits));
        Assert.Empty(beyond.Without);
    }

    [Fact]
    public void AToldRunReadBackIsTheSame()
    {
        ToldRun run = new ScheduleTrial("r7", OfR7).Run();
        string json = JsonSerializer.Serialize(run, RaceJson.Default.ToldRun);
        ToldRun back = JsonSerializer.Deserialize(json, RaceJson.Default.ToldRun)!;

        Assert.Equal((run.Schedule, run.Steps, run.Preemptions, run.Law, run.Failure),
            (back.Schedule, back.Steps, back.Preemptions, back.Law, back.Failure));
        Assert.Equal(run.Actors, back.Actors);
        Assert.Equal(run.Rows.Select(row => (row.Number, row.Actor, row.Words, row.Took, row.State)),
            back.Rows.Select(row => (row.Number, row.Actor, row.Words, row.Took, row.State)));
        Assert.Equal(run.Rows.SelectMany(row => row.Held), back.Rows.SelectMany(row => row.Held));
        Assert.Contains("\"held\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void AToldRunNamesActorsAndLocksOfItsSteps()
    {
        ToldRun run = new ScheduleTrial("r7", OfR7).Run();

        Assert.Equal(["reserve", "free"], run.Actors);
        Assert.Equal(11, run.Steps);
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0], run.Rows.Select(row => row.Actor));
        Assert.All(run.Rows, row => Assert.True(row.Took is null || row.Held.Contains(row.Took), row.Words));
        Assert.Contains(run.Rows, row => row.Held.Count > 0);
    }

    [Fact]
    public void WithOtherSafeguardsLeftOutItDiffersAndSaysAtWhichStep()
    {
        ScheduleTrial trial = new("r7.schedule", OfR7) { Without = ["erase-under-lock"] };
        string message = Assert.Throws<InputException>(() => trial.Run()).Message;

        Assert.StartsWith("r7.schedule: the run differs from the schedule: step ", message, StringComparison.Ordinal);
        Assert.EndsWith("; give the design and the safeguards that it was found with", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Theory]
    [InlineData("schedule 1 R7 seed 1: reserve", "the schedule ends here")]
    [InlineData("schedule 1 R7 seed 1: nobody", "whom the scenario has not")]
    [InlineData("schedule 1 R7 seed 1: reserve?1", "which nobody draws here")]
    [InlineData("schedule 1 R7 seed 1: reserve*4 free*4 reserve*9", "goes on for")]
    public void AScheduleThatIsNotOfTheRunSaysHow(string text, string how) =>
        Assert.Contains(how, Assert.Throws<InputException>(() => new ScheduleTrial("bad", text).Run()).Message, StringComparison.Ordinal);

    [Fact]
    public void UnderADesignWithoutPlaceForItTheCallerIsToldOfTheDesign()
    {
        ScheduleTrial trial = new("r7.schedule", OfR7) { Design = "static" };

        Assert.StartsWith("R7 cannot be set up under static: ", Assert.Throws<UsageException>(() => trial.Run()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-design", null)]
    [InlineData(null, "no-such-safeguard")]
    public void AnUnknownDesignOrSafeguardIsTheCallersMistake(string? design, string? without)
    {
        ScheduleTrial trial = new("r7", OfR7) { Design = design, Without = without is null ? [] : [without] };

        Assert.Throws<UsageException>(() => trial.Run());
    }

    [Fact]
    public void ARandomProgramNeedsItsDesignSaid()
    {
        ScheduleTrial trial = new("b", "schedule 1 beyond-1 seed 1: one");

        Assert.Contains("give the design that it was found under", Assert.Throws<UsageException>(() => trial.Run()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ARaceThatIsNoScenarioIsRefusedByTheNameOfTheFile() =>
        Assert.StartsWith("r22: R22 is no scenario: ",
            Assert.Throws<InputException>(() => new ScheduleTrial("r22", "schedule 1 R22 seed 1: one").Run()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void LeavingOutWhatTheRaceIsAboutIsWhatIsDoneUnsaid()
    {
        string kept = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "KeptSchedules.txt"))
            .Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])
            .First(line => line.StartsWith(OfX9, StringComparison.Ordinal));
        ToldRun unsaid = new ScheduleTrial("x9", kept).Run();
        ToldRun said = new ScheduleTrial("x9", kept) { Without = ["forget-tags-on-free"], Design = "cma-no-tagged" }.Run();

        Assert.Equal("DATA", unsaid.Law);
        Assert.Equal(unsaid.Failure, said.Failure);
        Assert.Equal(unsaid.Rows.Select(row => row.Words), said.Rows.Select(row => row.Words));
    }
}
