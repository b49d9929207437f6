using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Exploration.Tests.Puzzles;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests;

/// <summary>A record has what a table of actors against steps needs.</summary>
public sealed class RunRecordTests
{
    [Fact]
    public void StepsAreInTheWordsOfTheScenario()
    {
        RunRecord record = Puzzle.Of("lost-update").Broken.Search(new DepthFirst()).Finding!.Shortest;

        Assert.Equal(["0 read v0", "1 read v0", "1 write v0", "0 write v0"], record.Steps.Select(step => $"{step.Actor} {step.Words}"));
        Assert.Equal(["cpu0", "cpu1"], record.Actors);
        Assert.Equal("SUM: v0 is 1, not 2", record.Failure!.ToString());
    }

    [Fact]
    public void LocksAreNamedWhereTheyAreHeld()
    {
        RunRecord record = Puzzle.Of("interrupt").Broken.Search(new DepthFirst()).Finding!.Shortest;

        Assert.Equal(["take xa_lock", "arrive"], record.Steps.Select(step => step.Words));
        Assert.Equal(["xa_lock"], record.Steps[0].Held);
        Assert.Equal("xa_lock", record.Steps[0].Took);
        Assert.Equal("nobody can go on: cpu0 is at 0 0; irq waits for xa_lock, which cpu0 has", record.Failure!.Message);
    }

    [Fact]
    public void ValuesAndStatesStandBesideTheirStep()
    {
        Scenario<Variables> scenario = new Scenario<Variables>("draw", machine => new Variables(machine, 1))
            .Actor("die", 0, async state =>
            {
                await state.Machine.Point(0, 0);
                state[0] = 1 + state.Machine.Choose(6);
            })
            .Tell(state => $"shows {state[0]}")
            .AtEnd("SIX", state => state[0] == 6 ? "six" : null);

        SearchResult result = scenario.Search(new DepthFirst());

        Assert.Equal(6, result.FoundAfter);
        Assert.Equal("schedule 1 draw seed 0: die?5", result.Finding!.Shortest.Schedule.ToString());
        Assert.Equal([5], result.Finding.Shortest.Steps[0].Values);
        Assert.Equal("shows 6", result.Finding.Shortest.Steps[0].State);
    }

    [Fact]
    public void ResultsAreOneLine()
    {
        Assert.Equal("lost-update: held in 2 schedules, all there are (depth first)",
            Puzzle.Of("lost-update").Correct.Search(new DepthFirst()).ToString());
        Assert.Equal(
            "lost-update: held in 10 schedules, not all there are (random walk, seed 1)",
            Puzzle.Of("lost-update").Correct.Search(new RandomWalk(1), schedules: 10).ToString());
        Assert.Equal(
            "aba: held in 2 schedules, all up to 0 preemptions (depth first, at most 0 preemptions)",
            Puzzle.Of("aba").Broken.Search(new DepthFirst(0)).ToString());
        Assert.Equal(
            "lost-update: SUM: v0 is 1, not 2 (schedule 2, depth first); schedule 1 lost-update seed 0: cpu0 cpu1*2 cpu0",
            Puzzle.Of("lost-update").Broken.Search(new DepthFirst()).ToString());
    }
}
