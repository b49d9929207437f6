namespace Palimpsest.Steps;

/// <summary>What an actor is about to do: everything from its point to its next one.</summary>
/// <param name="Kind">Numbers are those of whoever made the point; those below zero are named here.</param>
/// <param name="Subject">What it happens to; for a lock its rank.</param>
public readonly record struct Step(int Kind, int Subject, Access Access = Access.Anything)
{
    /// <summary>A lock is taken; the subject is its rank.</summary>
    public const int LockKind = -1;

    /// <summary>An interrupt comes; the subject is its CPU.</summary>
    public const int ArrivalKind = -2;
}

/// <summary>What a step promises to touch. Two steps can change places when one need not know of the other.</summary>
public enum Access
{
    /// <summary>No promise: the step depends on every other.</summary>
    Anything,

    /// <summary>Reads its subject and touches nothing else that is shared.</summary>
    Reads,

    /// <summary>Reads and writes its subject, or takes its lock, and touches nothing else that is shared.</summary>
    Writes,
}
