using Palimpsest.Vocabulary;

namespace Palimpsest.Steps;

/// <summary>
/// Where the operations of one simulated machine can be interleaved. Without a controller every point passes at once, on
/// the caller's stack; with one, a point parks the operation and the controller says who goes on.
/// </summary>
public sealed class Interleaving
{
    private int _undivided;

    /// <summary>Decides who goes on; null when operations run to their end.</summary>
    public Controller? Controller { get; set; }

    /// <summary>Who runs now.</summary>
    public Actor Current { get; set; } = new("boot", cpu: CpuId.Boot);

    /// <summary>Points park operations now: somebody else may run at each.</summary>
    public bool IsControlled => Controller is not null && _undivided == 0;

    /// <summary>A place where others can run.</summary>
    /// <param name="kind">What is about to happen; numbers are the caller's.</param>
    /// <param name="subject">What it happens to.</param>
    /// <param name="access">What is promised of everything up to the next point.</param>
    public Turn Point(int kind, int subject, Access access = Access.Anything) =>
        IsControlled ? Current.StopAt(Controller!, new Step(kind, subject, access), default) : default;

    /// <summary>A point that passes when a lock is free, and takes it.</summary>
    /// <param name="shared">As a reader.</param>
    /// <param name="access"><see cref="Access.Writes"/> promises that up to the next point nothing shared but the lock is touched.</param>
    public Turn Take(StepLock wanted, bool shared = false, Access access = Access.Anything)
    {
        if (wanted.Sleeps)
        {
            MightSleep(wanted.Name);
        }

        if (IsControlled)
        {
            return Current.StopAt(Controller!, new Step(Step.LockKind, wanted.Rank, access), new Waiting(wanted, shared, null));
        }

        wanted.TakeFor(Current, shared);
        return default;
    }

    /// <summary>A point that passes when a condition holds: a wait queue, a completion, a line that is dirty.</summary>
    /// <param name="ready">Reads the state and changes nothing.</param>
    /// <exception cref="DisciplineException">Nobody controls the machine and the condition does not hold: nobody could make it.</exception>
    public Turn Until(int kind, int subject, Func<bool> ready, Access access = Access.Anything)
    {
        if (IsControlled)
        {
            return Current.StopAt(Controller!, new Step(kind, subject, access), new Waiting(null, false, ready));
        }

        return ready() ? default : throw new DisciplineException(Discipline.Deadlock, $"{Current.Name} waits for what nobody brings");
    }

    /// <summary>
    /// One of <paramref name="count"/> values, for what the model leaves open (which dirty line is written back); 0 when nobody controls.
    /// </summary>
    public int Choose(int count) => Controller is null || count <= 1 ? 0 : Controller.Choose(count);

    /// <summary>Fails when the actor is in atomic context.</summary>
    /// <exception cref="DisciplineException">It is.</exception>
    public void MightSleep(string what)
    {
        if (Current.AtomicDepth > 0)
        {
            throw new DisciplineException(Discipline.SleepInAtomic, $"{Current.Name} reaches {what} in atomic context");
        }
    }

    /// <summary>From here to <see cref="EndUndivided"/> points pass at once: for what happens under one lock of the real kernel.</summary>
    public void BeginUndivided() => _undivided++;

    /// <summary>Ends what <see cref="BeginUndivided"/> began; pairs may nest.</summary>
    public void EndUndivided() => _undivided--;

    /// <summary>As new, whatever an earlier run left behind.</summary>
    internal void Reset(Actor boot)
    {
        _undivided = 0;
        Controller = null;
        Current = boot;
    }
}
