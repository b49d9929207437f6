using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Exploration.Runs;

/// <summary>How a run ended.</summary>
internal enum RunEnd
{
    Held,
    Failed,

    /// <summary>The strategy broke it off: it would tell nothing new, or not what was asked.</summary>
    Cut,
}

/// <summary>
/// Runs of one scenario, one after the other, with the same buffers. Each actor is a coroutine parked at its next step;
/// the strategy picks who goes on, and the step runs on the caller's stack.
/// </summary>
internal sealed partial class Execution : Controller
{
    private readonly Scenario _scenario;
    private readonly Stage _stage;
    private readonly Interleaving _machine = new();
    private readonly Actor _boot = new("boot", cpu: CpuId.Boot);
    private readonly Actor[] _actors;
    private readonly Parked[] _parked;
    private readonly ValueTask[] _operations;
    private readonly int[] _taken;
    private readonly Action[] _arrivals;
    private readonly List<int> _choices = [];
    private RunLog? _log;
    private string? _astray;

    public Execution(Scenario scenario)
    {
        _scenario = scenario;
        _stage = scenario.Open();
        _actors = [.. scenario.Roles.Select((role, slot) => new Actor(role.Name, new CpuId(role.Cpu), role.Kind) { Slot = slot })];
        _parked = new Parked[_actors.Length];
        _operations = new ValueTask[_actors.Length];
        _taken = new int[_actors.Length];
        _arrivals = [.. _actors.Select(actor => new Action(() => StartBody(actor.Slot)))];
        _isRetry = new bool[scenario.RetryKinds.DefaultIfEmpty(-1).Max() + 1];
        foreach (int kind in scenario.RetryKinds)
        {
            _isRetry[kind] = true;
        }

        _sharesCpus = scenario.Roles.Where(role => role.Kind != ActorKind.Hardware).GroupBy(role => role.Cpu)
            .Any(group => group.Count() > 1);
    }

    public Scenario Scenario => _scenario;

    /// <summary>Number of actors, and the index by which the end of a run is picked where hardware could go on.</summary>
    public int End => _actors.Length;

    /// <summary>Steps taken in this run.</summary>
    public int Steps { get; private set; }

    /// <summary>Who took the last step; -1 before the first.</summary>
    public int Previous { get; private set; }

    public int Preemptions { get; private set; }

    public Failure? Failure { get; private set; }

    /// <summary>Actors picked, and values drawn as their complement, in order.</summary>
    public IReadOnlyList<int> Choices => _choices;

    /// <summary>Actors that have a step to take, now or when they no longer wait.</summary>
    public ulong Live => _live;

    public ref readonly Parked At(int actor) => ref _parked[actor];

    public Actor Actor(int index) => _actors[index];

    public RunEnd Run(Strategy strategy)
    {
        _strategy = strategy;
        try
        {
            SetUp();
            while (Failure is null)
            {
                ulong enabled = Enabled();
                if (enabled == 0)
                {
                    Finish();
                    break;
                }

                if (Steps >= _scenario.StepBound)
                {
                    Failure = new Failure(FailureKind.Livelock, nameof(FailureKind.Livelock), $"no end after {Steps} steps: {Standing()}",
                        Steps);
                    break;
                }

                enabled = Fair(enabled);
                int pick = strategy.Pick(this, enabled);
                if (pick < 0)
                {
                    return RunEnd.Cut;
                }

                _choices.Add(pick);
                if (pick == End)
                {
                    CheckEnd();
                    break;
                }

                Go(pick, enabled);
            }

            return Failure is null ? RunEnd.Held : RunEnd.Failed;
        }
        finally
        {
            _machine.Controller = null;
        }
    }

    /// <summary>One run of a strategy, written down.</summary>
    public RunRecord Record(Strategy strategy)
    {
        _log = new RunLog();
        strategy.Begin(this);
        Run(strategy);
        strategy.Ended(this);
        RunRecord record = _log.Record(this, strategy.Seed);
        _log = null;
        return record;
    }

    public override void Park(Actor actor, in Step step, in Waiting waiting, Action resume)
    {
        int slot = actor.Slot;
        if (slot < 0 || (_live & Bit(slot)) != 0)
        {
            // Not thrown here: the runtime would bring down the process.
            _astray ??= $"{actor.Name} reaches a point while it is parked at another, or is none of the actors";
            return;
        }

        _parked[slot] = new Parked(resume, step, waiting);
        _live |= Bit(slot);
        _waiting |= waiting.Wanted is null && waiting.Ready is null ? 0 : Bit(slot);
    }

    public override int Choose(int count)
    {
        int value = _strategy.PickValue(this, count);
        _choices.Add(~value);
        return value;
    }

    private static ulong Bit(int index) => 1UL << index;

    private void SetUp()
    {
        _choices.Clear();
        Array.Clear(_taken);
        _live = _waiting = _mustFinish = _heldBack = 0;
        Steps = Preemptions = 0;
        Previous = -1;
        Failure = null;
        _astray = null;
        _machine.Reset(_boot);
        _boot.Reset();
        _stage.SetUp(_machine);
        _machine.Controller = this;
        _log?.Begin(_stage);
        for (int slot = 0; slot < _actors.Length && Failure is null; slot++)
        {
            Start(slot);
        }
    }

    private void Start(int slot)
    {
        Actor actor = _actors[slot];
        actor.Reset();
        _machine.Current = actor;
        if (actor.Kind == ActorKind.Interrupt)
        {
            // It may wait for a lock with its first step, and must have come to wait.
            Park(actor, new Step(Step.ArrivalKind, actor.Cpu.Index), default, _arrivals[slot]);
            return;
        }

        _mustFinish |= actor.Kind == ActorKind.Process ? Bit(slot) : 0;
        StartBody(slot);
        Stopped(slot);
    }

    private void StartBody(int slot)
    {
        try
        {
            _operations[slot] = _stage.Start(slot);
        }
        catch (Exception thrown)
        {
            _operations[slot] = ValueTask.FromException(thrown);
        }
    }

    private void Go(int pick, ulong enabled)
    {
        ulong bit = Bit(pick);
        Preemptions += pick == Previous || IsLeftFreely(enabled) ? 0 : 1;
        bool isRetry = IsAtRetry(pick);
        _log?.Went(this, pick);
        _taken[pick]++;
        _mustFinish |= _actors[pick].Kind == ActorKind.Hardware ? 0 : bit;
        _live &= ~bit;
        _waiting &= ~bit;
        Previous = pick;
        Steps++;
        _machine.Current = _actors[pick];
        _parked[pick].Resume();
        Stopped(pick);
        Moved(pick, isRetry);
        if (_scenario.ChecksSteps && Failure is null)
        {
            Check(isEnd: false);
        }

        _log?.Saw(this, _stage);
    }

    /// <summary>An actor has come to its next point or to its end, or else it waits for something that nobody here controls.</summary>
    private void Stopped(int slot)
    {
        if (_astray is not null)
        {
            throw new InvalidOperationException(_astray);
        }

        if ((_live & Bit(slot)) != 0)
        {
            return;
        }

        _mustFinish &= ~Bit(slot);
        ValueTask operation = _operations[slot];
        if (!operation.IsCompleted)
        {
            throw new InvalidOperationException($"{_actors[slot].Name} awaits something that is no point of the machine");
        }

        try
        {
            operation.GetAwaiter().GetResult();
        }
        catch (Exception thrown)
        {
            Fail(thrown);
        }
    }

    /// <summary>A step that an actor is about to take.</summary>
    internal readonly record struct Parked(Action Resume, Step Step, Waiting Waiting);
}
