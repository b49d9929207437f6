using Palimpsest.Lab.Traces;

namespace Palimpsest.Lab.Fidelity;

/// <summary>Tells which events of a recording are meant by a filter, whose decisions are tallied.</summary>
public sealed class TalliedEvents
{
    private readonly TraceFilter _filter;
    private readonly long _origin;
    private readonly bool[] _tasks;
    private readonly bool[] _kinds;

    public TalliedEvents(TraceFilter filter, Trace trace)
    {
        _filter = filter;
        _origin = trace.Events.Count == 0 ? 0 : trace.Events[0].TimeNs;
        Func<TraceTask, bool>[] rules = [.. filter.Processes.Select(TraceFilter.TaskRule)];
        _tasks = [.. trace.Tasks.Select(task => rules.Length == 0 || rules.Any(rule => rule(task)))];
        _kinds = [.. Enum.GetValues<TraceEventKind>().Select(kind => filter.Events.Count == 0 || filter.Events.Any(name => TraceFilter.NameRule(name).IsMatch(EventKinds.NameOf(kind))))];
    }

    public bool Has(in TraceEvent at) =>
        at.TimeNs - _origin is var time && time >= _filter.FromNs && time <= _filter.ToNs
        && (_filter.Cpus.Count == 0 || _filter.Cpus.Contains(at.Cpu))
        && _tasks[at.Task] && _kinds[(int)at.Kind];
}
