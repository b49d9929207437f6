using System.Numerics;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Runs;

/// <summary>Who can go on.</summary>
internal sealed partial class Execution
{
    private readonly bool[] _isRetry;
    private readonly bool _sharesCpus;
    private Strategy _strategy = null!;
    private ulong _live;
    private ulong _waiting;
    private ulong _mustFinish;
    private ulong _heldBack;

    /// <summary>Everybody who has to finish has.</summary>
    public bool MayEnd => _mustFinish == 0;

    /// <summary>The actor is about to try again what only another can change.</summary>
    public bool IsAtRetry(int actor)
    {
        int kind = _parked[actor].Step.Kind;
        return (uint)kind < (uint)_isRetry.Length && _isRetry[kind] && (_live & Bit(actor)) != 0;
    }

    /// <summary>To let another go now preempts nobody: who went last cannot go on, waits by trying again, or is hardware.</summary>
    public bool IsLeftFreely(ulong enabled) =>
        Previous < 0 || (enabled & Bit(Previous)) == 0 || IsAtRetry(Previous) || _actors[Previous].Kind == ActorKind.Hardware;

    /// <summary>Two actors of one CPU keep each other off it.</summary>
    public bool ShareCpu(int one, int other) =>
        _sharesCpus && _actors[one].Cpu == _actors[other].Cpu && _actors[one].Kind != ActorKind.Hardware
            && _actors[other].Kind != ActorKind.Hardware;

    /// <summary>Hash of the state and of where everybody stands.</summary>
    /// <param name="withPrevious">Tell apart who took the last step, for preemptions are counted.</param>
    public ulong HashState(bool withPrevious)
    {
        ulong hash = StateHash.Add(_stage.Hash(), withPrevious ? (ulong)Previous : 0);
        hash = StateHash.Add(hash, _heldBack);
        for (int slot = 0; slot < _actors.Length; slot++)
        {
            hash = StateHash.Add(hash, (ulong)_taken[slot] << 1 | (_live >> slot & 1));
            if ((_live >> slot & 1) != 0)
            {
                Step step = _parked[slot].Step;
                hash = StateHash.Add(hash, (ulong)(uint)step.Kind << 32 | (uint)step.Subject);
            }

            foreach (StepLock held in _actors[slot].Held)
            {
                hash = StateHash.Add(StateHash.Add(hash, held.Owner == _actors[slot] ? 1UL : 0), held.Name);
            }
        }

        return hash;
    }

    /// <summary>Actors whose step can happen now, and <see cref="End"/> where all that have to finish have.</summary>
    private ulong Enabled()
    {
        ulong enabled = _live & ~_waiting;
        for (ulong rest = _waiting; rest != 0; rest &= rest - 1)
        {
            int actor = BitOperations.TrailingZeroCount(rest);
            enabled |= _parked[actor].Waiting.IsOver ? Bit(actor) : 0;
        }

        if (_sharesCpus)
        {
            enabled = WithoutKeptOff(enabled);
        }

        if (_mustFinish == 0 && enabled != 0)
        {
            return enabled | Bit(End);
        }

        return (enabled & ~_heldBack) != 0 ? enabled & ~_heldBack : enabled;
    }

    /// <summary>
    /// Bounded fairness: in the second half of the bound everybody who has to finish goes in turn, so that whoever is
    /// still there at its end does not only wait for somebody who was never let go.
    /// </summary>
    private ulong Fair(ulong enabled)
    {
        if (Steps < _scenario.StepBound / 2)
        {
            return enabled;
        }

        ulong obliged = enabled & (_mustFinish != 0 ? _mustFinish : Bit(End));
        ulong those = obliged != 0 ? obliged : enabled;
        ulong after = those & ~((1UL << (Previous + 1)) - 1);
        return 1UL << BitOperations.TrailingZeroCount(after != 0 ? after : those);
    }

    /// <summary>
    /// An actor that tried again and came straight back learnt nothing: it waits until somebody has moved who did more
    /// than that. So a spin takes no more turns than there is news.
    /// </summary>
    private void Moved(int actor, bool wasRetry)
    {
        bool isRetry = IsAtRetry(actor);
        if (!wasRetry || !isRetry)
        {
            _heldBack = 0;
        }

        _heldBack = isRetry ? _heldBack | Bit(actor) : _heldBack & ~Bit(actor);
    }

    /// <summary>Leaves out actors whose CPU is taken by an interrupt, or by a thread that cannot be preempted.</summary>
    private ulong WithoutKeptOff(ulong enabled)
    {
        ulong free = enabled;
        for (ulong rest = enabled; rest != 0; rest &= rest - 1)
        {
            int actor = BitOperations.TrailingZeroCount(rest);
            for (int other = 0; other < _actors.Length; other++)
            {
                if (other != actor && ShareCpu(actor, other) && KeepsOff(_actors[other], _actors[actor]))
                {
                    free &= ~Bit(actor);
                }
            }
        }

        return free;
    }

    private bool KeepsOff(Actor other, Actor actor)
    {
        if (other.Kind == ActorKind.Interrupt)
        {
            return _taken[other.Slot] > 0 && (_live & Bit(other.Slot)) != 0;
        }

        return actor.Kind == ActorKind.Interrupt
            ? _taken[actor.Slot] == 0 && other.InterruptsOffDepth > 0
            : other.AtomicDepth > 0;
    }
}
