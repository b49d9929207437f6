using CsCheck;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Exploration.Tests.Puzzles;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests;

/// <summary>An exhaustive search makes each run once, and leaves out what tells nothing new, and nothing else.</summary>
public sealed class ExhaustiveInterleavings
{
    [Theory]
    [InlineData(2, 3, 20)]
    [InlineData(2, 6, 924)]
    [InlineData(3, 2, 90)]
    [InlineData(3, 3, 1680)]
    public void DependentStepsTakeAsManyRunsAsThereAreOrders(int actors, int steps, int orders)
    {
        SearchResult result = Counters(actors, steps, actor => 0).Search(new DepthFirst());

        Assert.Equal((orders, 0), (result.Schedules, result.Cut));
        Assert.True(result.IsExhaustive);
    }

    [Theory]
    [InlineData(2, 6)]
    [InlineData(4, 4)]
    public void IndependentActorsTakeOneRun(int actors, int steps)
    {
        SearchResult result = Counters(actors, steps, actor => actor).Search(new DepthFirst());

        Assert.Equal((1, 0), (result.Schedules, result.Cut));
        Assert.True(result.IsExhaustive);
    }

    [Fact]
    public void StepsWithoutPromisesDependOnAll()
    {
        Scenario<Variables> scenario = new("silent", machine => new Variables(machine, 2));
        for (int actor = 0; actor < 2; actor++)
        {
            int subject = actor;
            scenario.Actor($"cpu{actor}", actor, async state =>
            {
                await state.Machine.Point(0, subject);
                await state.Machine.Point(0, subject);
                await state.Machine.Point(0, subject);
            });
        }

        Assert.Equal(20, scenario.Search(new DepthFirst()).Schedules);
        Assert.Equal(1, scenario.Independent((one, other) => one.Subject != other.Subject).Search(new DepthFirst()).Schedules);
    }

    [Fact]
    public void LawsBetweenStepsSwitchTheReductionOff() =>
        Assert.Equal(20, Counters(2, 3, actor => actor).AfterEachStep("NONE", state => null).Search(new DepthFirst()).Schedules);

    [Fact]
    public void EqualStatesAreEnteredOnce()
    {
        SearchResult result = Counters(2, 6, actor => 0).Hash(state => (ulong)state[0]).Search(new DepthFirst());

        // 7 x 7 states with 84 steps between them. 48 steps lead to a state for the first time; of the other 36, each of
        // which ends a run, one leads to the end.
        Assert.Equal((2, 35), (result.Schedules, result.Cut));
        Assert.True(result.IsExhaustive);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 6)]
    [InlineData(5, 20)]
    public void ABoundLeavesRunsOutAndSaysSo(int bound, int runs)
    {
        SearchResult result = Counters(2, 3, actor => 0).Search(new DepthFirst(bound));

        Assert.Equal(runs, result.Schedules);
        Assert.Equal(bound == 5 ? null : bound, result.PreemptionBound);
        Assert.True(result.IsExhaustive);
    }

    /// <summary>What is left out must not change what is reachable: random programs end in the same states, or can deadlock.</summary>
    [Fact]
    public void ReductionReachesEveryEnd() => CompareToWhole(RandomProgram.Way.Reduced, bound: null);

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void KnownStatesLeadToKnownEnds(int? bound) => CompareToWhole(RandomProgram.Way.Hashed, bound);

    /// <summary>The comparison notices a search that leaves too much out.</summary>
    [Fact]
    public void FalsePromisesLoseEnds() =>
        Assert.Throws<CsCheckException>(() => CompareToWhole(RandomProgram.Way.FalselyReduced, bound: null));

    private static void CompareToWhole(RandomProgram.Way way, int? bound) => RandomProgram.All.Sample(program =>
    {
        HashSet<string> all = program.Ends(RandomProgram.Way.Whole, bound, out SearchResult whole);
        HashSet<string> some = program.Ends(way, bound, out SearchResult fewer);
        return whole.Held == fewer.Held
            && (!whole.Held || (whole.IsExhaustive && fewer.IsExhaustive && fewer.Schedules <= whole.Schedules && all.SetEquals(some)));
    }, iter: 1000, seed: "0000000000000", threads: 1);

    private static Scenario<Variables> Counters(int actors, int steps, Func<int, int> variableOf)
    {
        Scenario<Variables> scenario = Variables.Scenario("counters", actors);
        for (int actor = 0; actor < actors; actor++)
        {
            int variable = variableOf(actor);
            scenario.Actor($"cpu{actor}", actor, async state =>
            {
                for (int step = 0; step < steps; step++)
                {
                    await state.Add(variable, 1);
                }
            });
        }

        return scenario;
    }
}
