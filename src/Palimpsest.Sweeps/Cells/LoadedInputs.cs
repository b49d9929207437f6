using System.Diagnostics.CodeAnalysis;

namespace Palimpsest.Sweeps.Cells;

/// <summary>
/// What was read once and is shared by cells: no more than so many bytes of it, those used last. Who waits for one that another thread
/// reads waits for it alone.
/// </summary>
internal sealed class LoadedInputs<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TValue>(
    long mostBytes, Func<TValue, long> bytesOf)
    where TValue : class
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    public TValue Get(string key, Func<TValue> read)
    {
        Entry entry;
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? known))
            {
                _byUse.Remove(known);
                _byUse.AddFirst(known);
                entry = known.Value;
            }
            else
            {
                entry = new Entry(key, new Lazy<TValue>(read, LazyThreadSafetyMode.ExecutionAndPublication));
                _entries.Add(key, _byUse.AddFirst(entry));
            }
        }

        try
        {
            TValue value = entry.Value.Value;
            Count(entry, value);
            return value;
        }
        catch
        {
            Forget(entry);
            throw;
        }
    }

    // What could not be read now may be another time: a server that was away, a disk that was full.
    private void Forget(Entry entry)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(entry.Key, out LinkedListNode<Entry>? known) && known.Value == entry)
            {
                _entries.Remove(entry.Key);
                _byUse.Remove(known);
            }
        }
    }

    private void Count(Entry entry, TValue value)
    {
        lock (_gate)
        {
            if (entry.IsCounted || !_entries.ContainsKey(entry.Key))
            {
                return;
            }

            entry.IsCounted = true;
            entry.Bytes = bytesOf(value);
            _bytes += entry.Bytes;
            // The one just asked for stays, however large: somebody works on it.
            for (LinkedListNode<Entry>? last = _byUse.Last; _bytes > mostBytes && last is not null && last.Value != entry;)
            {
                LinkedListNode<Entry>? before = last.Previous;
                if (last.Value.IsCounted)
                {
                    _byUse.Remove(last);
                    _entries.Remove(last.Value.Key);
                    _bytes -= last.Value.Bytes;
                }

                last = before;
            }
        }
    }

    private sealed class Entry(string key, Lazy<TValue> value)
    {
        public string Key { get; } = key;

        public Lazy<TValue> Value { get; } = value;

        public bool IsCounted { get; set; }

        public long Bytes { get; set; }
    }
}
