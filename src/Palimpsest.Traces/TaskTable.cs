using System.Text;

namespace Palimpsest.Traces;

/// <summary>Distinct tasks in order of first appearance, found again by the bytes that named them.</summary>
internal sealed class TaskTable
{
    private const int RecentSlots = 4096;

    private readonly List<TraceTask> _tasks = [];
    private readonly Dictionary<TraceTask, int> _indexes = [];

    // A CPU mostly goes on with the task it ran last; a task that comes back is found by a hash of its text.
    private Recent[] _lastOfCpu = new Recent[8];
    private readonly Recent[] _recent = new Recent[RecentSlots];

    public IReadOnlyList<TraceTask> Tasks => _tasks;

    public int IndexOf(int pid, ReadOnlySpan<byte> comm) => IndexOf(new TraceTask(pid, Encoding.UTF8.GetString(comm)));

    /// <summary>The task that the same text named before.</summary>
    public bool TryRecall(int cpu, ReadOnlySpan<byte> text, out int task)
    {
        if (cpu < _lastOfCpu.Length && _lastOfCpu[cpu] is { Text: { } last } && text.SequenceEqual(last))
        {
            task = _lastOfCpu[cpu].Task;
            return true;
        }

        Recent recent = _recent[SlotOf(text)];
        task = recent.Task;
        if (recent.Text is null || !text.SequenceEqual(recent.Text))
        {
            return false;
        }

        SetLast(cpu, recent);
        return true;
    }

    public void Remember(int cpu, ReadOnlySpan<byte> text, int task)
    {
        var recent = new Recent(text.ToArray(), task);
        _recent[SlotOf(text)] = recent;
        SetLast(cpu, recent);
    }

    public int IndexOf(TraceTask task)
    {
        if (!_indexes.TryGetValue(task, out int index))
        {
            index = _tasks.Count;
            _tasks.Add(task);
            _indexes.Add(task, index);
        }

        return index;
    }

    private void SetLast(int cpu, Recent recent)
    {
        if (cpu >= _lastOfCpu.Length)
        {
            Array.Resize(ref _lastOfCpu, cpu + 1);
        }

        _lastOfCpu[cpu] = recent;
    }

    private static int SlotOf(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        return hash.ToHashCode() & (RecentSlots - 1);
    }

    private readonly record struct Recent(byte[]? Text, int Task);
}
