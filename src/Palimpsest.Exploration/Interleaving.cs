namespace Palimpsest.Exploration;

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
    public Actor Current { get; set; } = new("boot", cpu: 0);

    /// <summary>A place where others can run.</summary>
    /// <param name="kind">What is about to happen; numbers are the caller's.</param>
    /// <param name="subject">What it happens to.</param>
    public Turn Point(int kind, int subject) =>
        Controller is null || _undivided > 0 ? default : new Turn(this, new Step(kind, subject), wanted: null, shared: false);

    /// <summary>A point that passes when a lock is free, and takes it.</summary>
    /// <param name="shared">As a reader.</param>
    public Turn Take(StepLock wanted, bool shared = false)
    {
        if (wanted.Sleeps)
        {
            MightSleep(wanted.Name);
        }

        if (Controller is not null && _undivided == 0)
        {
            return new Turn(this, new Step(Step.LockKind, wanted.Rank), wanted, shared);
        }

        wanted.TakeFor(Current, shared);
        return default;
    }

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

    public void EndUndivided() => _undivided--;
}

/// <summary>What an actor is about to do.</summary>
/// <param name="Kind">Numbers are those of whoever made the point; <see cref="LockKind"/> is a lock.</param>
public readonly record struct Step(int Kind, int Subject)
{
    public const int LockKind = -1;
}

/// <summary>Parks operations at their points and chooses who goes on.</summary>
public abstract class Controller
{
    /// <summary>The current actor has reached a step; <paramref name="resume"/> carries it on.</summary>
    /// <param name="wanted">A lock that must be free before it can.</param>
    /// <param name="shared">Free for one more reader is enough.</param>
    public abstract void Park(Actor actor, in Step step, StepLock? wanted, bool shared, Action resume);
}
