using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Unit of <see cref="TraceEvent.TimeNs"/>.</summary>
public enum TraceClock
{
    /// <summary>Seconds in the file, nanoseconds here.</summary>
    Time,

    /// <summary>Raw cycles (trace_clock tsc): differences have no known unit.</summary>
    Ticks,

    /// <summary>A sequence number (trace_clock counter), or no time at all in the file.</summary>
    Counter,
}

/// <summary>Pages that were seen mapped tagged.</summary>
/// <param name="BeforeEvent">Number of the event of <see cref="Trace.Events"/> that came next.</param>
/// <param name="Pages">From <paramref name="Pfn"/> on.</param>
public readonly record struct TaggedMapping(long BeforeEvent, Pfn Pfn, int Pages, long TimeNs, int Cpu);

/// <summary>A recording, parsed once and replayed many times.</summary>
public sealed class Trace
{
    /// <summary>Stable name of the format, e.g. "ftrace-text".</summary>
    public required string Format { get; init; }

    /// <summary>In order of time.</summary>
    public required TraceEventList Events { get; init; }

    /// <summary>Distinct gfp flag sets, indexed by <see cref="TraceEvent.Gfp"/>.</summary>
    public required IReadOnlyList<GfpFlags> GfpSets { get; init; }

    /// <summary>Each pair of pid and name that events have.</summary>
    public required IReadOnlyList<TraceTask> Tasks { get; init; }

    /// <summary>What times are: nanoseconds, ticks, or numbers of events.</summary>
    public required TraceClock Clock { get; init; }

    /// <summary>Event lines or records of the file by event name, in ordinal order of names.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> EventsByType { get; init; }

    /// <summary>All event records of the file, those not kept in <see cref="Events"/> included.</summary>
    public required long EventCount { get; init; }

    /// <summary>Events that the recorder says it lost or overwrote.</summary>
    public required long LostEvents { get; init; }

    /// <summary>Number of CPUs: the highest seen plus one.</summary>
    public required int Cpus { get; init; }

    /// <summary>Release of the recorded kernel, as uname -r prints it; null if the file does not tell.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>Page size of the recorded kernel in bytes; null if the file does not tell.</summary>
    public int? PageBytes { get; init; }

    /// <summary>Time of the first and the last event of any kind, in the unit of <see cref="Clock"/>.</summary>
    public long FirstTimeNs { get; init; }

    /// <summary>Of the last event of any kind, in the unit of <see cref="Clock"/>.</summary>
    public long LastTimeNs { get; init; }

    /// <summary>
    /// Pages seen mapped tagged, by a kprobe on mte_sync_tags, in the order of the recording; empty without such a probe.
    /// </summary>
    public IReadOnlyList<TaggedMapping> TaggedMappings { get; init; } = [];

    /// <summary>From the first event kept to the last, in the unit of <see cref="Clock"/>; 0 without events.</summary>
    public long DurationNs => Events.Count == 0 ? 0 : Events[Events.Count - 1].TimeNs - Events[0].TimeNs;

    /// <summary>Where and how the file was cut off, in a sentence; null for a whole one.</summary>
    public string? CutOff { get; init; }

    /// <summary>What was assumed while reading, for the report; one sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
