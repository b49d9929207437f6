namespace Palimpsest.Steps;

/// <summary>A rule of concurrent code that does not depend on what the code is about.</summary>
public enum Discipline
{
    /// <summary>Something that can sleep was reached in atomic context.</summary>
    SleepInAtomic,

    /// <summary>A lock was taken against the order of ranks.</summary>
    LockOrder,

    /// <summary>An actor waits for what only itself, or a circle that it is part of, could give.</summary>
    Deadlock,
}

/// <summary>A <see cref="Steps.Discipline"/> was broken.</summary>
public sealed class DisciplineException(Discipline discipline, string message) : Exception(message)
{
    /// <summary>Which rule of kernel code was broken.</summary>
    public Discipline Discipline { get; } = discipline;
}
