namespace Palimpsest.Exploration;

/// <summary>Something that runs at the same time as others: a thread on a CPU, an interrupt, a cache.</summary>
/// <param name="name">As a table of steps names it.</param>
public sealed class Actor(string name, int cpu)
{
    private StepLock[] _held = new StepLock[8];
    private int _count;

    public string Name { get; } = name;

    /// <summary>CPU that it runs on.</summary>
    public int Cpu { get; } = cpu;

    /// <summary>Locks that it holds, in the order in which it took them.</summary>
    public ReadOnlySpan<StepLock> Held => _held.AsSpan(0, _count);

    /// <summary>Spin locks held, and other reasons not to sleep; above zero the actor is in atomic context.</summary>
    public int AtomicDepth { get; private set; }

    /// <summary>Enters atomic context without a lock (an interrupt, an RCU section).</summary>
    public void EnterAtomic() => AtomicDepth++;

    public void LeaveAtomic() => AtomicDepth--;

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
    }

    internal void Released(StepLock released)
    {
        // Most often the lock taken last.
        int index = Array.LastIndexOf(_held, released, _count - 1, _count);
        Array.Copy(_held, index + 1, _held, index, --_count - index);
        AtomicDepth -= released.Sleeps ? 0 : 1;
    }
}
