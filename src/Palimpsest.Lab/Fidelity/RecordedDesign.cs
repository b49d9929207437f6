using Palimpsest.Designs;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// What a recorded kernel did with its tag storage: nothing, or what RFC v3 does. Whether free blocks come straight off the buddy lists,
/// its events tell; where it was booted to do as the mail has it (mts_fast=0, mts_loop=1), its command line does.
/// </summary>
internal static class RecordedDesign
{
    public const string Lending = "cma-no-tagged";

    public static DesignChoice Of(Trace trace, MemoryLayout layout, string? commandLine)
    {
        if (!TagStorageEvents.AreIn(trace) || layout.Storage.Count == 0)
        {
            return DesignCatalog.Parse("static");
        }

        DesignChoice choice = DesignCatalog.Parse(Lending);
        return choice with
        {
            Parameters = choice.Parameters with
            {
                FastPath = !Says(commandLine, "mts_fast=0") && TakesStraightOff(trace) is not false,
                LoopsToLastBlock = !Says(commandLine, "mts_loop=1"),
            },
        };
    }

    private static bool Says(string? commandLine, string word) => commandLine is not null && commandLine.Split(' ').Contains(word);

    /// <summary>Null where nothing was taken.</summary>
    private static bool? TakesStraightOff(Trace trace)
    {
        bool? takes = null;
        foreach (ref readonly TraceEvent at in trace.Events)
        {
            if (at.Kind == TraceEventKind.ExactRangeEnd && !TagStorageEvents.HasFailed(at))
            {
                takes = at.MigrateType == 1 || takes == true;
            }
        }

        return takes;
    }
}
