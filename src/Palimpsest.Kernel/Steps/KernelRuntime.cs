using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Steps;

/// <summary>What the rooms of one kernel share while it runs: its points and locks, and its safeguards.</summary>
internal sealed class KernelRuntime(Interleaving interleaving, Safeguards safeguards)
{
    public KernelRuntime()
        : this(new Interleaving(), Safeguards.All)
    {
    }

    public Interleaving Interleaving { get; } = interleaving;

    public KernelLocks Locks { get; } = new((safeguards & Safeguards.InterruptSafeLocks) != 0);

    /// <summary>Allocations of the index of saved tags that may still fail, if whoever controls the machine chooses so.</summary>
    public int IndexFailures { get; set; }

    public bool Has(Safeguards wanted) => (safeguards & wanted) != 0;

    /// <summary>Does an allocation of the index of saved tags fail now?</summary>
    public bool FailsToIndex()
    {
        bool fails = IndexFailures > 0 && Interleaving.Choose(2) == 1;
        IndexFailures -= fails ? 1 : 0;
        return fails;
    }

    /// <param name="subject">What it happens to, where that is no frame.</param>
    public Turn Point(StepKind kind, int subject) => Interleaving.Point((int)kind, subject);

    public Turn Point(StepKind kind, Frame frame) => Interleaving.Point((int)kind, frame.Index);

    public Turn Take(StepLock wanted, bool shared = false) => Interleaving.Take(wanted, shared);

    /// <summary>Takes a spin lock with interrupts on, though others turn them off for it (spin_lock, not spin_lock_irqsave).</summary>
    public async ValueTask TakePlainly(StepLock wanted)
    {
        await Take(wanted);
        if (wanted.InterruptsOff)
        {
            Interleaving.Current.EnableInterrupts();
        }
    }

    /// <summary>Gives back what was taken plainly.</summary>
    public void ReleasePlain(StepLock held)
    {
        if (held.InterruptsOff)
        {
            Interleaving.Current.DisableInterrupts();
        }

        held.Release();
    }

    /// <summary>
    /// Takes and gives back a spin lock within one step, as freeing does. Who has it on another CPU has done nothing under it
    /// yet (<see cref="StepKind.Locked"/>), so that this step may as well have come first; who has it on this CPU never gives it back.
    /// </summary>
    /// <exception cref="DisciplineException">This CPU has it.</exception>
    public void Spin(StepLock wanted)
    {
        Actor current = Interleaving.Current;
        if (wanted.Owner is { } owner && owner.Cpu == current.Cpu)
        {
            throw new DisciplineException(
                Discipline.Deadlock, $"{current.Name} spins for {wanted.Name}, which {owner.Name} has on the same CPU");
        }
    }
}
