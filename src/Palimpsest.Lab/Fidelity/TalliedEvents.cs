using Palimpsest.Traces;

namespace Palimpsest.Lab.Fidelity;

/// <summary>Tells which events of a recording are meant by a filter, whose decisions are tallied.</summary>
public sealed class TalliedEvents
{
    private readonly TraceFilter _filter;
    private readonly long _origin;
    private readonly bool[] _tasks;
    private readonly bool[] _kinds;

    /// <summary>The choice made for one recording; times count from its first event.</summary>
    public TalliedEvents(TraceFilter filter, Trace trace)
    {
        _filter = filter;
        _origin = trace.Events.Count == 0 ? 0 : trace.Events[0].TimeNs;
        Func<TraceTask, bool>[] rules = [.. filter.Processes.Select(TraceFilter.TaskRule)];
        _tasks = [.. trace.Tasks.Select(task => rules.Length == 0 || rules.Any(rule => rule(task)))];
        _kinds = [.. Enum.GetValues<TraceEventKind>()
            .Select(kind => filter.Events.Count == 0
            || filter.Events.Any(name => TraceFilter.EventRule(name).IsMatch(EventKinds.NameOf(kind))))];
    }

    /// <summary>Is the event among those whose decisions are tallied?</summary>
    public bool Has(in TraceEvent at) => _filter.HasTime(at.TimeNs - _origin) && _filter.HasCpu(at.Cpu) && _tasks[at.Task]
        && _kinds[(int)at.Kind];
}
