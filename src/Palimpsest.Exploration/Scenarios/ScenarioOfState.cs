using Palimpsest.Steps;

namespace Palimpsest.Exploration.Scenarios;

/// <summary>A scenario over a state of some type.</summary>
/// <param name="name">As schedules name it: no spaces, none of <c>: * ? #</c>.</param>
/// <param name="setUp">
/// Makes a fresh state for each run. Points pass at once here. A state that can be cleared may be returned again.
/// </param>
public sealed class Scenario<TState>(string name, Func<Interleaving, TState> setUp) : Scenario(name)
{
    private readonly Func<Interleaving, TState> _setUp = setUp;
    private readonly List<Func<TState, ValueTask>> _bodies = [];
    private readonly List<Func<TState, BrokenLaw?>> _stepLaws = [];
    private readonly List<Func<TState, BrokenLaw?>> _endLaws = [];
    private Func<TState, ulong>? _hash;
    private Func<TState, string>? _tell;
    private Func<TState, string?>? _hear;

    internal override bool ChecksSteps => _stepLaws.Count > 0;

    internal override bool HasHash => _hash is not null;

    /// <summary>A thread that has to finish. What it does before its first point belongs to the set-up: begin with a point.</summary>
    public Scenario<TState> Actor(string name, int cpu, Func<TState, ValueTask> body) => Add(name, cpu, ActorKind.Process, body);

    /// <inheritdoc cref="ActorKind.Interrupt"/>
    public Scenario<TState> Interrupt(string name, int cpu, Func<TState, ValueTask> body) => Add(name, cpu, ActorKind.Interrupt, body);

    /// <inheritdoc cref="ActorKind.Hardware"/>
    public Scenario<TState> Hardware(string name, Func<TState, ValueTask> body) => Add(name, cpu: -1, ActorKind.Hardware, body);

    /// <summary>A law of every state between two steps; null when it holds, else how it is broken. It switches reduction off.</summary>
    public Scenario<TState> AfterEachStep(string law, Func<TState, string?> check)
    {
        _stepLaws.Add(Checked(law, check));
        return this;
    }

    /// <summary>A law of the state at the end; null when it holds, else how it is broken. Points pass at once here.</summary>
    public Scenario<TState> AtEnd(string law, Func<TState, string?> check)
    {
        _endLaws.Add(Checked(law, check));
        return this;
    }

    /// <summary>Laws of the state at the end that one look judges: the first that is broken, and how; null when all hold.</summary>
    public Scenario<TState> AtEnd(Func<TState, (string Law, string Message)?> audit)
    {
        _endLaws.Add(state => audit(state) is var (law, message) ? new BrokenLaw(law, message) : null);
        return this;
    }

    /// <summary>
    /// A hash of all that decides how a run goes on, what actors remember included. The explorer adds where each actor
    /// stands and what it holds. An exhaustive search then enters equal states once, in place of reduction.
    /// </summary>
    public Scenario<TState> Hash(Func<TState, ulong> hash)
    {
        _hash = hash;
        return this;
    }

    /// <summary>
    /// Steps of this kind come before another try at what only another actor can change. After one that changed nothing,
    /// the actor waits until somebody else has moved.
    /// </summary>
    public Scenario<TState> Retries(int kind)
    {
        AddRetry(kind);
        return this;
    }

    /// <summary>Two steps, neither of which promised anything, that can change places all the same.</summary>
    public Scenario<TState> Independent(Func<Step, Step, bool> canChangePlaces)
    {
        Independence = canChangePlaces;
        return this;
    }

    /// <summary>Steps in words, for records.</summary>
    public Scenario<TState> Describe(Func<Step, string> words)
    {
        Words = words;
        return this;
    }

    /// <summary>The state in words after each step, for records.</summary>
    public Scenario<TState> Tell(Func<TState, string> tell)
    {
        _tell = tell;
        return this;
    }

    /// <summary>What happened in a step, for records: asked once before the first step, and after each.</summary>
    public Scenario<TState> Hear(Func<TState, string?> hear)
    {
        _hear = hear;
        return this;
    }

    /// <inheritdoc cref="Scenario.StepBound"/>
    public Scenario<TState> Within(int steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        StepBound = steps;
        return this;
    }

    internal override Stage Open() => new StateStage(this);

    private Scenario<TState> Add(string name, int cpu, ActorKind kind, Func<TState, ValueTask> body)
    {
        AddRole(name, cpu, kind);
        _bodies.Add(body);
        return this;
    }

    private static Func<TState, BrokenLaw?> Checked(string law, Func<TState, string?> check) =>
        state => check(state) is { } message ? new BrokenLaw(law, message) : null;

    private sealed class StateStage(Scenario<TState> scenario) : Stage
    {
        private TState _state = default!;

        public override void SetUp(Interleaving machine) => _state = scenario._setUp(machine);

        public override ValueTask Start(int actor) => scenario._bodies[actor](_state);

        public override BrokenLaw? CheckStep() => FirstBroken(scenario._stepLaws);

        public override BrokenLaw? CheckEnd() => FirstBroken(scenario._endLaws);

        public override ulong Hash() => scenario._hash!(_state);

        public override string? Tell() => scenario._tell?.Invoke(_state);

        public override string? Hear() => scenario._hear?.Invoke(_state);

        private BrokenLaw? FirstBroken(List<Func<TState, BrokenLaw?>> laws)
        {
            foreach (Func<TState, BrokenLaw?> law in laws)
            {
                if (law(_state) is { } broken)
                {
                    return broken;
                }
            }

            return null;
        }
    }
}
