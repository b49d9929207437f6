namespace Palimpsest.Traces.Perfetto;

/// <summary>
/// Scheduler events of a bundle in columns (FtraceEventBundle.CompactSched): times, each since the one before, threads, and
/// numbers of names in a table. Field 5 is the table, repeated; switches are in 1, 3 and 6, wakings in 7, 8 and 11.
/// </summary>
internal readonly ref struct CompactSched
{
    private readonly ReadOnlySpan<byte> _times;
    private readonly ReadOnlySpan<byte> _threads;
    private readonly ReadOnlySpan<byte> _names;

    private CompactSched(ReadOnlySpan<byte> message, uint times, uint threads, uint names)
    {
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            if (fields.Type == WireType.Bytes)
            {
                _times = fields.Field == times ? fields.Bytes : _times;
                _threads = fields.Field == threads ? fields.Bytes : _threads;
                _names = fields.Field == names ? fields.Bytes : _names;
            }
        }

        IsBroken = fields.IsBroken;
    }

    public bool IsBroken { get; }

    public static CompactSched Switches(ReadOnlySpan<byte> message) => new(message, 1, 3, 6);

    public static CompactSched Wakings(ReadOnlySpan<byte> message) => new(message, 7, 8, 11);

    /// <summary>The table of names.</summary>
    public static string[] Table(ReadOnlySpan<byte> message, ThreadNames names)
    {
        var table = new List<string>();
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            if (fields.Field == 5 && fields.Type == WireType.Bytes)
            {
                table.Add(names.TextOf(fields.Bytes));
            }
        }

        return [.. table];
    }

    /// <summary>Adds the events of a column; false if it is broken.</summary>
    /// <param name="item">What all of them have in common.</param>
    public bool TryAdd(PendingEvent item, string[] table, TimeOrder<PendingEvent> order, ref ulong latest)
    {
        var times = new WireReader(_times);
        var threads = new WireReader(_threads);
        var names = new WireReader(_names);
        ulong time = 0;
        while (times.TryPacked(out ulong delta))
        {
            time += delta;
            if (!threads.TryPacked(out ulong thread) || !names.TryPacked(out ulong name) || name >= (ulong)table.Length)
            {
                return false;
            }

            item.Event.TimeNs = (long)Math.Min(time, long.MaxValue);
            item.Named = (int)thread;
            item.Comm = table[name];
            order.Add(time, item);
            latest = Math.Max(latest, time);
        }

        return !IsBroken && !times.IsBroken;
    }
}
