using Palimpsest.Lab.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Perfetto;

/// <summary>
/// Reservations, moves and failures of a design: a track a CPU with a slice each, as long as it is modelled to take; and the same as
/// events of the kernel's tracing, which whatever reads a recording can count.
/// </summary>
internal static class StorageTracks
{
    /// <param name="startNs">Time of the first event, on the clock of the recording.</param>
    public static void Write(PerfettoTrace trace, ulong group, string label, StorageEvents? events, long startNs)
    {
        if (events is null)
        {
            return;
        }

        Dictionary<int, ulong> tracks = [];
        foreach (int cpu in events.Events.Select(happened => happened.Cpu.Index).Distinct().Order())
        {
            tracks[cpu] = trace.Track(InvariantText.Of($"{label}: CPU {cpu}"), group);
        }

        foreach (StorageEvent happened in events.Events)
        {
            long from = startNs + happened.TimeNs;
            trace.Slice(tracks[happened.Cpu.Index], from, from + happened.ModelledNs, WordsOf(happened.Kind), Details(happened));
            trace.KernelEvent(happened.Cpu.Index, from, pid: 0, NameOf(happened.Kind), Fields(happened));
        }

        if (events.More > 0)
        {
            StorageEvent last = events.Events[^1];
            trace.Mark(group, startNs + last.TimeNs, InvariantText.Of($"{events.More:N0} more events after this are not kept"));
        }
    }

    private static IEnumerable<(string, string)> Details(StorageEvent happened)
    {
        if (happened.Pfn is { } pfn)
        {
            yield return ("pfn", Hexadecimal(pfn));
        }

        if (happened.FromPfn is { } source)
        {
            yield return ("from pfn", Hexadecimal(source));
        }

        yield return ("pages", InvariantText.Of($"{happened.Frames}"));
        if (happened.Reason is { } reason)
        {
            yield return ("reason", reason);
        }

        yield return ("length", "modelled");
    }

    private static IEnumerable<(string, ulong)> Fields(StorageEvent happened)
    {
        if (happened.Pfn is { } pfn)
        {
            yield return ("pfn", pfn);
        }

        if (happened.FromPfn is { } source)
        {
            yield return ("from", source);
        }

        yield return ("count", (ulong)happened.Frames);
    }

    private static string Hexadecimal(ulong value) => InvariantText.Of($"0x{value:x}");

    private static string WordsOf(StorageEventKind kind) => kind switch
    {
        StorageEventKind.Reserved => "reserve",
        StorageEventKind.Released => "give back",
        StorageEventKind.Moved => "migrate",
        StorageEventKind.FaultOnAccess => "fault on access",
        StorageEventKind.Busy => "storage busy",
        StorageEventKind.Untagged => "left untagged",
        _ => "no memory",
    };

    // As the model names them when it records itself (Lab/Recordings).
    private static string NameOf(StorageEventKind kind) => kind switch
    {
        StorageEventKind.Reserved => "tag_block_reserved",
        StorageEventKind.Released => "tag_block_released",
        StorageEventKind.Moved => "folio_moved",
        StorageEventKind.FaultOnAccess => "fault_on_access",
        StorageEventKind.Busy => "tag_storage_busy",
        StorageEventKind.Untagged => "page_left_untagged",
        _ => "allocation_failed",
    };
}
