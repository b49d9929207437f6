using Palimpsest.Vocabulary;

namespace Palimpsest.Steps;

/// <summary>Something that runs at the same time as others: a thread on a CPU, an interrupt, a cache.</summary>
/// <param name="name">As a table of steps and a schedule name it.</param>
public sealed class Actor(string name, CpuId cpu, ActorKind kind = ActorKind.Process)
{
    private StepLock[] _held = new StepLock[8];
    private int _count;

    // The point that it stands at, from where it asks for a turn until it has had it.
    private Controller? _controller;
    private Waiting _waiting;
    private Step _step;

    /// <summary>As schedules and tables have it; the only one of that name in a machine.</summary>
    public string Name { get; } = name;

    /// <summary>CPU that it runs on.</summary>
    public CpuId Cpu { get; } = cpu;

    /// <summary>Task, interrupt or kernel thread: whether it may sleep.</summary>
    public ActorKind Kind { get; } = kind;

    /// <summary>Locks that it holds, in the order in which it took them.</summary>
    public ReadOnlySpan<StepLock> Held => _held.AsSpan(0, _count);

    /// <summary>Spin locks held, and other reasons not to sleep; above zero the actor is in atomic context.</summary>
    public int AtomicDepth { get; private set; }

    /// <summary>Locks held under which no interrupt comes on this CPU.</summary>
    public int InterruptsOffDepth { get; private set; }

    /// <summary>Index among the actors of a scenario.</summary>
    internal int Slot { get; init; } = -1;

    /// <summary>Enters atomic context without a lock (an interrupt, an RCU section).</summary>
    public void EnterAtomic() => AtomicDepth++;

    /// <summary>Ends what <see cref="EnterAtomic"/> began.</summary>
    public void LeaveAtomic() => AtomicDepth--;

    /// <summary>Interrupts come again on its CPU, in spite of one lock that it holds (local_irq_enable).</summary>
    public void EnableInterrupts() => InterruptsOffDepth--;

    /// <summary>As before <see cref="EnableInterrupts"/>, which must be before that lock is released.</summary>
    public void DisableInterrupts() => InterruptsOffDepth++;

    /// <summary>The turn to go on from a point.</summary>
    internal Turn StopAt(Controller controller, Step step, in Waiting waiting)
    {
        _controller = controller;
        _step = step;
        _waiting = waiting;
        return new Turn(this);
    }

    internal void Park(Action resume) => _controller!.Park(this, _step, _waiting, resume);

    internal void Resume() => _waiting.Wanted?.TakeFor(this, _waiting.Shared);

    /// <summary>As before its first step; what it held is forgotten with the state that held it.</summary>
    internal void Reset()
    {
        _count = 0;
        AtomicDepth = Kind == ActorKind.Interrupt ? 1 : 0;
        InterruptsOffDepth = 0;
    }

    internal void Took(StepLock taken, bool waits)
    {
        if (waits && _count > 0 && _held[_count - 1].Rank >= taken.Rank && !taken.AllowsEqualRank(_held[_count - 1]))
        {
            throw new DisciplineException(Discipline.LockOrder, $"{Name} takes {taken.Name} while it holds {_held[_count - 1].Name}");
        }

        if (_count == _held.Length)
        {
            Array.Resize(ref _held, 2 * _count);
        }

        _held[_count++] = taken;
        AtomicDepth += taken.Sleeps ? 0 : 1;
        InterruptsOffDepth += taken.InterruptsOff ? 1 : 0;
    }

    internal void Released(StepLock released)
    {
        int index = --_count;
        if (_held[index] != released)
        {
            index = Array.LastIndexOf(_held, released, index, index + 1);
            Array.Copy(_held, index + 1, _held, index, _count - index);
        }

        AtomicDepth -= released.Sleeps ? 0 : 1;
        InterruptsOffDepth -= released.InterruptsOff ? 1 : 0;
    }
}

/// <summary>When an actor runs, and whether it has to.</summary>
public enum ActorKind
{
    /// <summary>A thread in process context: has to finish. In atomic context no other thread of its CPU preempts it.</summary>
    Process,

    /// <summary>Comes at any moment or never, in atomic context; once it runs, threads of its CPU wait until it has finished.</summary>
    Interrupt,

    /// <summary>Acts at any moment beside all CPUs, and never has to: a cache that writes back.</summary>
    Hardware,
}
