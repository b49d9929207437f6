namespace Palimpsest.Traces;

/// <summary>Applies a filter, with the verdicts on names and tasks kept so that each is looked at once.</summary>
internal sealed class FilterVerdicts(TraceFilter filter, EventTally names, TaskTable tasks)
{
    private readonly Func<TraceTask, bool>[] _taskRules = [.. filter.Processes.Select(TraceFilter.TaskRule)];
    private readonly System.Text.RegularExpressions.Regex[] _eventRules = [.. filter.Events.Select(TraceFilter.EventRule)];
    private readonly List<bool> _tasks = [];
    private readonly List<bool> _events = [];
    private readonly PagesLeftOut? _leftOut = filter.FollowsPages && filter.Processes.Count + filter.Cpus.Count > 0
        ? new PagesLeftOut()
        : null;
    private long? _origin;

    public bool Lets(int slot, in TraceEvent item)
    {
        _origin ??= item.TimeNs;
        long time = item.TimeNs - _origin.Value;
        bool isMeant = filter.HasCpu(item.Cpu) && (_taskRules.Length == 0 || LetsTask(item.Task));

        // Pages are followed from the first event on, also where the window begins later.
        return (_leftOut?.Lets(item, isMeant) ?? isMeant)
            && filter.HasTime(time)
            && (_eventRules.Length == 0 || LetsEvent(slot));
    }

    private bool LetsEvent(int slot)
    {
        while (_events.Count <= slot)
        {
            _events.Add(_eventRules.Any(rule => rule.IsMatch(names.NameOf(_events.Count))));
        }

        return _events[slot];
    }

    private bool LetsTask(int task)
    {
        while (_tasks.Count <= task)
        {
            _tasks.Add(_taskRules.Any(rule => rule(tasks.Tasks[_tasks.Count])));
        }

        return _tasks[task];
    }
}
