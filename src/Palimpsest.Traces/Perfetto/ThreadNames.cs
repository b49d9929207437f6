using System.Text;

namespace Palimpsest.Traces.Perfetto;

/// <summary>
/// Names of threads: what the last event before said; else what a list of processes, read ahead of the events, or the first
/// event to name the thread says; else the name of its process.
/// </summary>
internal sealed class ThreadNames(TaskTable tasks)
{
    // A comm has 15 bytes; a process is called by its command line here.
    private const int LongestName = 64;
    private const int MostKept = 1 << 16;

    private readonly Dictionary<int, string> _comms = new() { [0] = "<idle>" };
    private readonly Dictionary<int, string> _listed = [];
    private readonly Dictionary<int, int> _processes = [];
    private readonly Dictionary<int, int> _tasks = [];
    private readonly HashSet<string> _texts = [];
    private (int Thread, int Task) _last = (0, -1);

    /// <summary>The text of a name: the same string for the same bytes.</summary>
    public string TextOf(ReadOnlySpan<byte> name)
    {
        Span<char> chars = stackalloc char[LongestName];
        ReadOnlySpan<char> text = chars[..Encoding.UTF8.GetChars(name[..Math.Min(name.Length, LongestName)], chars)];
        if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out string? known))
        {
            return known;
        }

        string added = text.ToString();
        if (_texts.Count < MostKept)
        {
            _texts.Add(added);
        }

        return added;
    }

    /// <summary>A thread is called so from now on.</summary>
    public void Name(int thread, string comm)
    {
        if (thread != 0 && !(_comms.TryGetValue(thread, out string? known) && known == comm))
        {
            _comms[thread] = comm;
            Forget(thread);
        }
    }

    /// <summary>A thread was called so when its events do not say.</summary>
    public void List(int thread, string comm)
    {
        if (_listed.TryAdd(thread, comm))
        {
            _tasks.Clear();
            _last.Task = -1;
        }
    }

    /// <summary>Index of the task that a thread is now.</summary>
    public int TaskOf(int thread)
    {
        if (_last.Thread == thread && _last.Task >= 0)
        {
            return _last.Task;
        }

        if (!_tasks.TryGetValue(thread, out int task))
        {
            task = tasks.IndexOf(new TraceTask(thread, CommOf(thread)));
            _tasks.Add(thread, task);
        }

        _last = (thread, task);
        return task;
    }

    /// <summary>
    /// Reads a ProcessTree: processes 1 of pid 1 and command line 3, threads 2 of tid 1, name 2 and tgid 3; false if it is broken.
    /// </summary>
    public bool TryReadTree(ReadOnlySpan<byte> message)
    {
        var entries = new WireReader(message);
        bool isWhole = true;
        while (entries.TryNext())
        {
            if (entries.Type == WireType.Bytes && entries.Field is 1 or 2)
            {
                isWhole &= TryReadEntry(entries.Bytes, isThread: entries.Field == 2);
            }
        }

        return isWhole && !entries.IsBroken;
    }

    private bool TryReadEntry(ReadOnlySpan<byte> message, bool isThread)
    {
        int thread = -1;
        ReadOnlySpan<byte> name = default;
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            switch (fields.Field)
            {
                case 1:
                    thread = (int)fields.Number;
                    break;
                case 2 when isThread:
                    name = fields.Bytes;
                    break;
                case 3 when isThread && thread >= 0:
                    _processes[thread] = (int)fields.Number;
                    break;
                case 3 when !isThread && name.IsEmpty:
                    name = fields.Bytes[(fields.Bytes.LastIndexOf((byte)'/') + 1)..];
                    break;
            }
        }

        if (thread >= 0 && !name.IsEmpty)
        {
            List(thread, TextOf(name));
        }

        return !fields.IsBroken;
    }

    private string CommOf(int thread) => _comms.TryGetValue(thread, out string? comm) || _listed.TryGetValue(thread, out comm)
        || (_processes.TryGetValue(thread, out int process)
            && (_comms.TryGetValue(process, out comm) || _listed.TryGetValue(process, out comm)))
        ? comm
        : "<...>";

    private void Forget(int thread)
    {
        _tasks.Remove(thread);
        _last.Task = -1;
    }
}
