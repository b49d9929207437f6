using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Steps.Tests;

/// <summary>Discipline is checked whether or not anybody controls the machine.</summary>
public sealed class StepLockTests
{
    private readonly Interleaving _machine = new();
    private readonly StepLock _mutex = new("mutex", rank: 1, sleeps: true);
    private readonly StepLock _spin = new("spin", rank: 2, sleeps: false);

    [Fact]
    public async Task LocksAreTakenInRisingOrder()
    {
        await _machine.Take(_spin);

        DisciplineException broken = Assert.Throws<DisciplineException>(() => { _machine.Take(new StepLock("outer", 1, sleeps: false)); });

        Assert.Equal(Discipline.LockOrder, broken.Discipline);
    }

    [Fact]
    public async Task NothingSleepsUnderASpinLock()
    {
        await _machine.Take(_spin);

        Assert.Equal(Discipline.SleepInAtomic, Assert.Throws<DisciplineException>(() => { _machine.Take(_mutex); }).Discipline);

        _spin.Release();
        await _machine.Take(_mutex);
        Assert.Same(_machine.Current, _mutex.Owner);
    }

    [Fact]
    public async Task TakingALockTwiceIsADeadlock()
    {
        StepLock nested = new("nested", rank: 3, sleeps: false, nests: true);
        await _machine.Take(nested);

        Assert.Equal(Discipline.Deadlock, Assert.Throws<DisciplineException>(() => { _machine.Take(nested); }).Discipline);
    }

    [Fact]
    public async Task InterruptsCanComeUnderALockThatWasTakenPlainly()
    {
        StepLock irqsafe = new("irqsafe", rank: 3, sleeps: false, interruptsOff: true);
        await _machine.Take(irqsafe);
        Assert.Equal(1, _machine.Current.InterruptsOffDepth);

        _machine.Current.EnableInterrupts();
        Assert.Equal((0, 1), (_machine.Current.InterruptsOffDepth, _machine.Current.AtomicDepth));

        _machine.Current.DisableInterrupts();
        irqsafe.Release();
        Assert.Equal((0, 0), (_machine.Current.InterruptsOffDepth, _machine.Current.AtomicDepth));
    }

    [Fact]
    public void TryingNeverWaitsAndKeepsNoOrder()
    {
        Actor other = new("other", cpu: new CpuId(1));

        Assert.True(_spin.TryTake(_machine.Current));
        Assert.False(_spin.TryTake(other));
        Assert.True(_mutex.TryTake(_machine.Current));
        Assert.Equal(1, _machine.Current.AtomicDepth);
    }
}
