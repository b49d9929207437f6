using System.Runtime.CompilerServices;
using Palimpsest.Kernel;

namespace Palimpsest.Races;

/// <summary>What happened on the machines of a race of one's own, each with a listener of its own.</summary>
internal sealed class RaceTelling
{
    // A state is made for each run and dropped after it; who listens to its machine goes with it.
    private readonly ConditionalWeakTable<LinuxMachine, EventWords> _listeners = [];

    /// <summary>The state, whose machine is listened to from now on.</summary>
    public TState Heard<TState>(TState state)
        where TState : IRaceState
    {
        EventWords words = new();
        state.Machine.Memory.Trace.Attach(words);
        _listeners.Add(state.Machine, words);
        return state;
    }

    /// <summary>What was heard since the last call; null for nothing.</summary>
    public string? Hear(LinuxMachine machine) => _listeners.TryGetValue(machine, out EventWords? words) ? words.Take() : null;
}
