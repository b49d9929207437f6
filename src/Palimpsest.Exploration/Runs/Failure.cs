using Palimpsest.Steps;

namespace Palimpsest.Exploration.Runs;

/// <summary>What went wrong in a run.</summary>
/// <param name="Law">The law of the scenario, the <see cref="Discipline"/>, or the type of exception that an actor let through.</param>
/// <param name="Step">Steps taken when it was seen.</param>
public sealed record Failure(FailureKind Kind, string Law, string Message, int Step, Exception? Exception = null)
{
    /// <summary>The same thing went wrong, though perhaps with other numbers.</summary>
    public bool IsLike(Failure? other) => other is not null && Kind == other.Kind && Law == other.Law;

    /// <summary>LAW: what was seen.</summary>
    public override string ToString() => $"{Law}: {Message}";
}

/// <summary>What ended a run early.</summary>
public enum FailureKind
{
    /// <summary>A law of the scenario does not hold.</summary>
    Law,

    /// <summary>An actor, or the check of a law, threw.</summary>
    Exception,

    /// <summary>A rule of locks or of sleeping was broken.</summary>
    Discipline,

    /// <summary>Nobody can go on and somebody has not finished.</summary>
    Deadlock,

    /// <summary>No end within the bound, though everybody had turns.</summary>
    Livelock,
}
