using Palimpsest.Steps;

namespace Palimpsest.Exploration.Scenarios;

/// <summary>A question to the explorer: a state, actors over it, and laws. Fixed once it is built; explorers keep the state.</summary>
public abstract class Scenario
{
    /// <summary>Sets of actors are words of 64 bits, and the end of a run takes part in choices as one more.</summary>
    public const int MostActors = 63;

    /// <summary>How a schedule names the end of a run that hardware could go on with.</summary>
    public const string EndName = "end";

    private readonly List<ActorRole> _roles = [];
    private readonly List<int> _retryKinds = [];

    private protected Scenario(string name)
    {
        RequireName(name);
        Name = name;
    }

    /// <summary>As schedules and messages have it; no line break.</summary>
    public string Name { get; }

    /// <summary>Who acts, in the order of declaration.</summary>
    public IReadOnlyList<ActorRole> Roles => _roles;

    /// <summary>A run of more steps is a livelock. In the second half of them everybody has his turn in order.</summary>
    public int StepBound { get; protected set; } = 1000;

    /// <summary>Laws are checked after each step: then no interleaving may be left out, whatever its steps promise.</summary>
    internal abstract bool ChecksSteps { get; }

    /// <summary>Equal states are known as such.</summary>
    internal abstract bool HasHash { get; }

    /// <summary>Kinds of steps with which an actor tries again what only another can change.</summary>
    internal IReadOnlyList<int> RetryKinds => _retryKinds;

    /// <summary>Says of two steps without promises that they can change places.</summary>
    internal Func<Step, Step, bool>? Independence { get; private protected set; }

    /// <summary>Steps in words.</summary>
    internal Func<Step, string> Words { get; private protected set; } = step => $"{step.Kind} {step.Subject}";

    internal abstract Stage Open();

    private protected void AddRole(string name, int cpu, ActorKind kind)
    {
        RequireName(name);
        if (_roles.Count == MostActors || name == EndName || _roles.Exists(role => role.Name == name))
        {
            throw new ArgumentException($"{name}: names differ, none is {EndName}, and there are at most {MostActors} actors",
                nameof(name));
        }

        _roles.Add(new ActorRole(name, cpu, kind));
    }

    private protected void AddRetry(int kind) => _retryKinds.Add(kind);

    private static void RequireName(string name)
    {
        if (name.Length == 0 || name.AsSpan().ContainsAny(" \t\r\n:*?#"))
        {
            throw new ArgumentException($"\"{name}\": a name has no spaces and none of : * ? #", nameof(name));
        }
    }
}

/// <summary>An actor as a scenario declares it.</summary>
public readonly record struct ActorRole(string Name, int Cpu, ActorKind Kind);

/// <summary>The state of one scenario while it runs, for one explorer.</summary>
internal abstract class Stage
{
    /// <summary>Replaces the state by a fresh one.</summary>
    public abstract void SetUp(Interleaving machine);

    /// <summary>Starts an actor, which runs to its first point.</summary>
    public abstract ValueTask Start(int actor);

    /// <summary>The law that a step broke, if any.</summary>
    public abstract BrokenLaw? CheckStep();

    /// <summary>The law that the end of a run breaks, if any.</summary>
    public abstract BrokenLaw? CheckEnd();

    public abstract ulong Hash();

    /// <summary>The state in words, null when the scenario has none for it.</summary>
    public abstract string? Tell();

    /// <summary>What happened since it was asked last, null when the scenario does not say.</summary>
    public abstract string? Hear();
}

/// <summary>A law of a scenario and how it was broken.</summary>
internal readonly record struct BrokenLaw(string Law, string Message);
