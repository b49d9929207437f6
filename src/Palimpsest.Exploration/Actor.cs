namespace Palimpsest.Exploration;

/// <summary>Something that runs at the same time as others: a thread on a CPU, an interrupt, a cache.</summary>
/// <param name="name">As a table of steps names it.</param>
public sealed class Actor(string name, int cpu)
{
    private readonly List<StepLock> _held = [];

    public string Name { get; } = name;

    /// <summary>CPU that it runs on.</summary>
    public int Cpu { get; } = cpu;

    /// <summary>Locks that it holds, in the order in which it took them.</summary>
    public IReadOnlyList<StepLock> Held => _held;

    /// <summary>Spin locks held, and other reasons not to sleep; above zero the actor is in atomic context.</summary>
    public int AtomicDepth { get; private set; }

    /// <summary>Enters atomic context without a lock (an interrupt, an RCU section).</summary>
    public void EnterAtomic() => AtomicDepth++;

    public void LeaveAtomic() => AtomicDepth--;

    internal void Took(StepLock taken, bool waits)
    {
        if (waits && _held.Count > 0 && _held[^1].Rank >= taken.Rank && !taken.AllowsEqualRank(_held[^1]))
        {
            throw new DisciplineException(Discipline.LockOrder, $"{Name} takes {taken.Name} while it holds {_held[^1].Name}");
        }

        _held.Add(taken);
        AtomicDepth += taken.Sleeps ? 0 : 1;
    }

    internal void Released(StepLock released)
    {
        _held.Remove(released);
        AtomicDepth -= released.Sleeps ? 0 : 1;
    }
}
