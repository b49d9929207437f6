namespace Palimpsest.Steps;

/// <summary>A lock of the simulated machine. Waiting is the controller's business; here is who has it.</summary>
/// <param name="rank">Locks are taken in rising order; the list is docs/lock-order.md.</param>
/// <param name="sleeps">A mutex: its owner may sleep, and waiting for it is sleeping. False: a spin lock.</param>
/// <param name="nests">Several of this rank may be held, as the caller orders them himself.</param>
/// <param name="interruptsOff">No interrupt comes on the CPU of its owner (spin_lock_irqsave).</param>
public sealed class StepLock(string name, int rank, bool sleeps, bool nests = false, bool interruptsOff = false)
{
    /// <summary>As the kernel calls it.</summary>
    public string Name { get; } = name;

    /// <summary>Locks are taken in rising order.</summary>
    public int Rank { get; } = rank;

    /// <summary>Waiting for it is sleeping.</summary>
    public bool Sleeps { get; } = sleeps;

    /// <summary>No interrupt comes on the CPU of its owner.</summary>
    public bool InterruptsOff { get; } = interruptsOff;

    /// <summary>Who has it; null when it is free.</summary>
    public Actor? Owner { get; private set; }

    /// <summary>Actors that share it, as readers.</summary>
    public int Readers { get; private set; }

    /// <summary>By an owner or by readers.</summary>
    public bool IsHeld => Owner is not null || Readers > 0;

    /// <summary>Could it be taken now?</summary>
    public bool IsFreeFor(bool shared) => Owner is null && (shared || Readers == 0);

    /// <summary>Takes it if it is free; never waits, so no order need be kept.</summary>
    public bool TryTake(Actor actor)
    {
        if (IsHeld)
        {
            return false;
        }

        actor.Took(this, waits: false);
        Owner = actor;
        return true;
    }

    /// <summary>Gives it back; whoever waits for it can go on.</summary>
    public void Release()
    {
        Owner?.Released(this);
        Owner = null;
    }

    /// <summary>Gives back what was taken as a reader.</summary>
    public void ReleaseShared(Actor reader)
    {
        reader.Released(this);
        Readers--;
    }

    internal bool AllowsEqualRank(StepLock other) => nests && other.Rank == Rank;

    internal void TakeFor(Actor actor, bool shared)
    {
        if (!IsFreeFor(shared))
        {
            throw new DisciplineException(Discipline.Deadlock, $"{actor.Name} waits for {Name}, which {Owner?.Name ?? "a reader"} holds");
        }

        actor.Took(this, waits: true);
        if (shared)
        {
            Readers++;
        }
        else
        {
            Owner = actor;
        }
    }
}
