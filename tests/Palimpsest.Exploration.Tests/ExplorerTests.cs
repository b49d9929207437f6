using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Exploration.Tests.Puzzles;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests;

/// <summary>What an explorer demands of a scenario, and what it keeps away from it.</summary>
public sealed class ExplorerTests
{
    [Fact]
    public void StepsStayOnTheStackOfTheCaller()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        Elsewhere elsewhere = new();
        SynchronizationContext.SetSynchronizationContext(elsewhere);
        try
        {
            SearchResult result = Puzzle.Of("depth-3").Correct.Search(new RandomWalk(1), schedules: 100);

            Assert.True(result.Held);
            Assert.Equal(0, elsewhere.Posts);
            Assert.Same(elsewhere, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    [Fact]
    public void AScenarioThatIsNotTheSameInEachRunIsRefused()
    {
        int runs = 0;
        Scenario<Variables> scenario = new Scenario<Variables>("changing", machine => new Variables(machine, 1) { [0] = runs++ })
            .Actor("cpu0", 0, async state =>
            {
                for (int step = state[0] % 2; step < 2; step++)
                {
                    await state.Machine.Point(0, 0);
                }
            })
            .Actor("cpu1", 1, async state => await state.Machine.Point(0, 0));

        Assert.Contains("not the same in each run",
            Assert.Throws<InvalidOperationException>(() => scenario.Search(new DepthFirst())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFailureThatDoesNotRepeatIsRefused()
    {
        int runs = 0;
        Scenario<Variables> scenario = new Scenario<Variables>("once", machine => new Variables(machine, 1))
            .Actor("cpu0", 0, async state => await state.Machine.Point(0, 0))
            .AtEnd("ONCE", state => runs++ == 0 ? "the first run" : null);

        Assert.Contains("not the same in each run",
            Assert.Throws<InvalidOperationException>(() => scenario.Search(new RandomWalk(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsAwaitedMustBeAPoint()
    {
        TaskCompletionSource never = new();
        Scenario<Variables> scenario = new Scenario<Variables>("outside", machine => new Variables(machine, 1))
            .Actor("cpu0", 0, async state =>
            {
                await state.Machine.Point(0, 0);
                await never.Task;
            });

        Assert.Contains("cpu0 awaits something that is no point",
            Assert.Throws<InvalidOperationException>(() => scenario.Search(new DepthFirst())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnActorIsAtOnePointAtATime()
    {
        Scenario<Variables> scenario = new Scenario<Variables>("twice", machine => new Variables(machine, 1))
            .Actor("cpu0", 0, async state =>
            {
                ValueTask<int> first = state.Read(0);
                ValueTask<int> second = state.Read(0);
                await first;
                await second;
            });

        Assert.Contains("cpu0 reaches a point while",
            Assert.Throws<InvalidOperationException>(() => scenario.Search(new DepthFirst())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a*2")]
    [InlineData("end")]
    [InlineData("cpu0")]
    public void NamesMustNotBeMistakenInASchedule(string name) => Assert.Throws<ArgumentException>(() =>
        Variables.Scenario("names", 1).Actor("cpu0", 0, state => default).Actor(name, 0, state => default));

    [Fact]
    public void ASearchEndsWhenTheCallerHasHadEnough()
    {
        using CancellationTokenSource enough = new();
        int runs = 0;
        Scenario<Variables> scenario = Variables.Scenario("long", 1)
            .Actor("cpu0", 0, async state => await state.Read(0))
            .AtEnd("NONE", state =>
            {
                if (++runs == 5)
                {
                    enough.Cancel();
                }

                return null;
            });

        SearchResult result = new Explorer(scenario).Search(new RandomWalk(1), enough: enough.Token);

        Assert.Equal(5, result.Schedules);
        Assert.False(result.IsExhaustive);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void SameSeedSameRuns(int kind)
    {
        string Trail()
        {
            List<string> ends = [];
            Scenario<Variables> scenario = Variables.Scenario("trail", 1)
                .Actor("cpu0", 0, async state => state[0] = (state[0] * 3) + await state.Read(0) + 1)
                .Actor("cpu1", 1, async state => await state.Write(0, (await state.Read(0) * 5) + 2))
                .Actor("cpu2", 2, async state => await state.Write(0, (await state.Read(0) * 7) + 3))
                .AtEnd("NONE", state =>
                {
                    ends.Add($"{state[0]}");
                    return null;
                });
            scenario.Search(kind == 0 ? new RandomWalk(5) : kind == 1 ? new PriorityChanges(5, 3) : new DepthFirst(), schedules: 200);
            return string.Join(' ', ends);
        }

        Assert.Equal(Trail(), Trail());
    }

    private sealed class Elsewhere : SynchronizationContext
    {
        public int Posts { get; private set; }

        public override void Post(SendOrPostCallback callback, object? state) => Posts++;
    }
}
