using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Tests;

/// <summary>Rules of locks, CPUs and turns, each shown to hold and to be reported when it is broken.</summary>
public sealed class DisciplineInterleavings
{
    private const int WorkKind = 0;
    private const int RetryKind = 1;

    [Fact]
    public void ALockOutOfOrderIsAFailureOfTheRunThatTakesIt()
    {
        SearchResult result = new Scenario<Machine>("order", machine => new Machine(machine))
            .Actor("cpu0", 0, state => state.Nest(state.Outer, state.Inner))
            .Actor("cpu1", 1, state => state.Nest(state.Inner, state.Outer))
            .Search(new DepthFirst());

        Assert.Equal("LockOrder: cpu1 takes outer while it holds inner", result.Finding!.Shortest.Failure!.ToString());
        Assert.Equal(FailureKind.Discipline, result.Finding.Shortest.Failure.Kind);
        Assert.Equal(2, result.Finding.Shortest.Steps.Count);
    }

    [Fact]
    public void SleepingUnderASpinLockIsAFailure()
    {
        SearchResult result = new Scenario<Machine>("sleep", machine => new Machine(machine))
            .Actor("cpu0", 0, state => state.Nest(state.Inner, state.Mutex))
            .Search(new DepthFirst());

        Assert.Equal(nameof(Discipline.SleepInAtomic), result.Finding!.Shortest.Failure!.Law);
    }

    [Fact]
    public void SleepingInAnInterruptIsAFailureWhenItComes()
    {
        SearchResult result = new Scenario<Machine>("sleep", machine => new Machine(machine))
            .Actor("cpu0", 0, state => state.Work(1))
            .Interrupt("irq", 0, async state => await state.Interleaving.Take(state.Mutex))
            .Search(new DepthFirst());

        Assert.Equal("SleepInAtomic: irq reaches mutex in atomic context", result.Finding!.Shortest.Failure!.ToString());
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 6)]
    public void ASpinLockKeepsOthersOffItsCpuOnly(int otherCpu, int runs)
    {
        SearchResult result = new Scenario<Machine>("preempt", machine => new Machine(machine))
            .Actor("holder", 0, async state =>
            {
                await state.Interleaving.Take(state.Inner);
                await state.Work(1);
                state.Inner.Release();
            })
            .Actor("other", otherCpu, state => state.Work(2))
            .Search(new DepthFirst());

        // On the same CPU nothing comes between taking the lock and the step with which it is released.
        Assert.Equal(runs, result.Schedules);
    }

    [Fact]
    public void AnInterruptRunsToItsEndBeforeItsCpuGoesOn()
    {
        SearchResult result = new Scenario<Machine>("nest", machine => new Machine(machine))
            .Actor("cpu0", 0, state => state.Work(2))
            .Interrupt("irq", 0, state => state.Work(2))
            .Search(new DepthFirst());

        // It comes before, between or after the two steps, or not at all.
        Assert.Equal(4, result.Schedules);
    }

    [Fact]
    public void WhatNobodyCanEndIsALivelockAndWhatOthersEndIsNot()
    {
        Scenario<Machine> Spin(int steps) => new Scenario<Machine>("spin", machine => new Machine(machine))
            .Retries(RetryKind)
            .Actor("waiter", 0, async state =>
            {
                while (state.Done < 3)
                {
                    await state.Interleaving.Point(RetryKind, 0);
                }
            })
            .Actor("worker", 1, state => state.Work(steps))
            .Within(40);

        SearchResult stuck = Spin(2).Search(new DepthFirst());
        SearchResult ends = Spin(3).Search(new DepthFirst());

        Assert.Equal("no end after 40 steps: waiter is at 1 0", stuck.Finding!.Shortest.Failure!.Message);
        Assert.Equal(FailureKind.Livelock, stuck.Finding.Shortest.Failure.Kind);
        Assert.True(ends.Held && ends.IsExhaustive, ends.ToString());
    }

    /// <summary>A spin that was not declared is unfair to others only until half of the bound.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EverybodyGetsTurnsInTheEnd(bool isPriority)
    {
        Scenario<Machine> scenario = new Scenario<Machine>("spin", machine => new Machine(machine))
            .Actor("waiter", 0, async state =>
            {
                while (state.Done < 3)
                {
                    await state.Interleaving.Point(WorkKind, 0);
                }
            })
            .Actor("worker", 1, state => state.Work(3))
            .Within(20);

        Assert.True(scenario.Search(isPriority ? new PriorityChanges(1, 1) : new DepthFirst(0), schedules: 50).Held);
    }

    [Fact]
    public void AnExceptionOfAnActorIsAFailureOfItsRun()
    {
        SearchResult result = new Scenario<Machine>("throw", machine => new Machine(machine))
            .Actor("cpu0", 0, async state =>
            {
                await state.Work(1);
                throw new ArithmeticException("no such page");
            })
            .Actor("cpu1", 1, state => state.Work(1))
            .Search(new RandomWalk(1));

        Assert.Equal("ArithmeticException: no such page", result.Finding!.Shortest.Failure!.ToString());
        Assert.IsType<ArithmeticException>(result.Finding.Shortest.Failure.Exception);
    }

    [Fact]
    public void ALawBetweenStepsSeesWhatIsGoneAtTheEnd()
    {
        Scenario<Machine> scenario = new Scenario<Machine>("between", machine => new Machine(machine))
            .Actor("cpu0", 0, async state =>
            {
                await state.Work(1);
                await state.Work(-1);
            });

        Assert.True(scenario.AtEnd("ZERO", state => state.Done == 0 ? null : "not zero").Search(new DepthFirst()).Held);
        Assert.False(scenario.AfterEachStep("ZERO", state => state.Done == 0 ? null : "not zero").Search(new DepthFirst()).Held);
    }

    private sealed class Machine(Interleaving interleaving)
    {
        public Interleaving Interleaving { get; } = interleaving;

        public StepLock Outer { get; } = new("outer", 1, sleeps: false);

        public StepLock Inner { get; } = new("inner", 2, sleeps: false);

        public StepLock Mutex { get; } = new("mutex", 3, sleeps: true);

        public int Done { get; private set; }

        /// <summary>Steps forwards, or backwards.</summary>
        public async ValueTask Work(int steps)
        {
            for (int step = 0; step < Math.Abs(steps); step++)
            {
                await Interleaving.Point(WorkKind, 0);
                Done += Math.Sign(steps);
            }
        }

        public async ValueTask Nest(StepLock first, StepLock second)
        {
            await Interleaving.Take(first);
            await Interleaving.Take(second);
            second.Release();
            first.Release();
        }
    }
}
