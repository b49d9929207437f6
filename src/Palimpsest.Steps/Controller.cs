namespace Palimpsest.Steps;

/// <summary>Parks operations at their points and chooses who goes on.</summary>
public abstract class Controller
{
    /// <summary>The current actor has reached a step; <paramref name="resume"/> carries it on.</summary>
    public abstract void Park(Actor actor, in Step step, in Waiting waiting, Action resume);

    /// <summary>One of <paramref name="count"/> values, for what the model leaves open.</summary>
    public abstract int Choose(int count);
}

/// <summary>What must be so before a parked actor can go on.</summary>
/// <param name="Wanted">A lock that must be free.</param>
/// <param name="Shared">Free for one more reader is enough.</param>
/// <param name="Ready">A condition that must hold; reads the state and changes nothing.</param>
public readonly record struct Waiting(StepLock? Wanted, bool Shared, Func<bool>? Ready)
{
    /// <summary>Could the actor go on now?</summary>
    public bool IsOver => Ready?.Invoke() ?? Wanted?.IsFreeFor(Shared) ?? true;
}
