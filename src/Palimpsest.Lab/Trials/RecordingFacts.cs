using Palimpsest.Traces;

namespace Palimpsest.Lab.Trials;

/// <summary>What reports say of a recording.</summary>
/// <param name="Format">Stable name, e.g. "ftrace-text".</param>
/// <param name="Events">All event records of the file.</param>
/// <param name="LostEvents">Those that the recorder says it lost.</param>
/// <param name="DurationNs">From the first event used to the last, in the unit of the clock.</param>
/// <param name="EventsByType">In ordinal order of names.</param>
/// <param name="Notes">What was assumed while reading, a sentence each.</param>
public sealed record RecordingFacts(
    string Name, string Format, TraceClock Clock, long Events, long LostEvents, int Cpus, long DurationNs,
    IReadOnlyList<KeyValuePair<string, long>> EventsByType, IReadOnlyList<string> Notes)
{
    /// <summary>Time of the first event used, on the clock of the recording.</summary>
    public long StartNs { get; init; }

    /// <summary>Facts of a recording that is read; the name is the one for messages and tables.</summary>
    public static RecordingFacts Of(string name, Trace trace) => new(
        name, trace.Format, trace.Clock, trace.EventCount, trace.LostEvents, trace.Cpus, trace.DurationNs, trace.EventsByType, trace.Notes)
    {
        StartNs = trace.Events.Count > 0 ? trace.Events[0].TimeNs : trace.FirstTimeNs,
    };
}
