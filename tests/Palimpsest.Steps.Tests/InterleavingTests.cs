using Palimpsest.Vocabulary;

namespace Palimpsest.Steps.Tests;

/// <summary>
/// Without a controller every point passes at once; with one, whoever reaches a point is parked, and goes on when it says so.
/// </summary>
public sealed class InterleavingTests
{
    private const int Kind = 7;

    private readonly Interleaving _machine = new();
    private readonly StepLock _lock = new("lock", rank: 3, sleeps: false);
    private readonly Recorder _recorder = new();

    [Fact]
    public void WithoutAControllerAnOperationRunsToItsEnd()
    {
        Assert.False(_machine.IsControlled);
        Assert.Equal(3, Count(3).Now());
        Assert.Equal(0, _machine.Choose(5));
        Assert.False(_lock.IsHeld);
    }

    [Fact]
    public void EachPointParksTheOperationWithWhatItIsAboutToDo()
    {
        _machine.Controller = _recorder;

        ValueTask<int> counting = Count(2);

        Assert.False(counting.IsCompleted);
        Assert.Equal("the operation is parked at a point: await it, or remove the controller",
            Assert.Throws<InvalidOperationException>(() => { counting.Now(); }).Message);
        Assert.Equal([new Step(Step.LockKind, 3)], _recorder.Steps);
        Assert.Equal(2, RunToItsEnd(counting));
        Assert.Equal([new Step(Step.LockKind, 3), new Step(Kind, 0), new Step(Kind, 1)], _recorder.Steps);
        Assert.False(_lock.IsHeld);
    }

    [Fact]
    public void ALockIsTakenByWhoWaitedWhenItGoesOnAndNotBefore()
    {
        _machine.Controller = _recorder;
        ValueTask<int> counting = Count(0);
        Assert.False(_lock.IsHeld);
        Assert.True(_recorder.Waiting.IsOver);

        _lock.TryTake(new Actor("other", cpu: new CpuId(1)));
        Assert.False(_recorder.Waiting.IsOver);
        _lock.Release();

        Assert.Equal(0, RunToItsEnd(counting));
    }

    [Fact]
    public void WhatHappensUnderOneLockOfTheRealKernelIsNotDivided()
    {
        _machine.Controller = _recorder;
        _machine.BeginUndivided();
        Assert.Equal(4, Count(4).Now());
        _machine.EndUndivided();

        Assert.False(Count(1).IsCompleted);
    }

    [Fact]
    public async Task AConditionThatNobodyCanBringIsADeadlock()
    {
        await _machine.Until(Kind, 0, () => true);

        DisciplineException broken = Assert.Throws<DisciplineException>(() => { _machine.Until(Kind, 0, () => false); });

        Assert.Equal((Discipline.Deadlock, "boot waits for what nobody brings"), (broken.Discipline, broken.Message));
    }

    [Fact]
    public void AControlledConditionIsAskedUntilItHolds()
    {
        bool isReady = false;
        _machine.Controller = _recorder;

        Turn turn = _machine.Until(Kind, 5, () => isReady);
        turn.OnCompleted(() => { });

        Assert.Equal([new Step(Kind, 5)], _recorder.Steps);
        Assert.False(_recorder.Waiting.IsOver);
        isReady = true;
        Assert.True(_recorder.Waiting.IsOver);
    }

    [Fact]
    public void AnActorInAtomicContextMayNotSleep()
    {
        _machine.Current.EnterAtomic();
        Assert.Equal(Discipline.SleepInAtomic, Assert.Throws<DisciplineException>(() => _machine.MightSleep("kmalloc")).Discipline);

        _machine.Current.LeaveAtomic();
        _machine.MightSleep("kmalloc");
    }

    [Fact]
    public void ReadersShareALockAndAWriterDoesNot()
    {
        StepLock shared = new("mmap_lock", rank: 1, sleeps: true);
        Actor reader = new("reader", cpu: new CpuId(1));
        _machine.Take(shared, shared: true);
        _machine.Current = reader;
        _machine.Take(shared, shared: true);

        Assert.Equal(2, shared.Readers);
        Assert.True(shared.IsFreeFor(shared: true));
        Assert.False(shared.IsFreeFor(shared: false));

        shared.ReleaseShared(reader);
        Assert.Equal(1, shared.Readers);
        Assert.True(shared.IsHeld);
    }

    [Fact]
    public void TheControllerChoosesWhatTheModelLeavesOpen()
    {
        _machine.Controller = _recorder;

        Assert.Equal((2, 0), (_machine.Choose(3), _machine.Choose(1)));
    }

    private async ValueTask<int> Count(int points)
    {
        await _machine.Take(_lock);
        int passed = 0;
        for (; passed < points; passed++)
        {
            await _machine.Point(Kind, passed);
        }

        _lock.Release();
        return passed;
    }

    private int RunToItsEnd(ValueTask<int> operation)
    {
        while (!operation.IsCompleted)
        {
            _recorder.Resume();
        }

        return operation.Now();
    }

    /// <summary>Writes down what is parked; the last choice is always taken.</summary>
    private sealed class Recorder : Controller
    {
        private Action? _resume;

        public List<Step> Steps { get; } = [];

        public Waiting Waiting { get; private set; }

        public override void Park(Actor actor, in Step step, in Waiting waiting, Action resume)
        {
            Steps.Add(step);
            Waiting = waiting;
            _resume = resume;
        }

        public override int Choose(int count) => count - 1;

        public void Resume() => _resume!();
    }
}
