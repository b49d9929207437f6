using Palimpsest.Kernel;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races;

/// <summary>What is looked at when a run of a race has ended.</summary>
internal static class EndOfRun
{
    /// <summary>At last every dirty line goes to DRAM and is dropped: what lay only in a cache is as wrong as it will be.</summary>
    public static void Settle(LinuxMachine machine)
    {
        while (machine.Hardware.DirtyLines > 0)
        {
            machine.Hardware.Evict(machine.Hardware.DirtyLines - 1);
        }
    }

    /// <summary>The first law that does not hold; null when all do.</summary>
    public static (string Law, string Message)? Audit<TState>(TState state)
        where TState : IRaceState
    {
        Settle(state.Machine);
        return state.Machine.Audit() is [LawViolation first, ..] ? (first.Law, first.Message) : null;
    }
}
