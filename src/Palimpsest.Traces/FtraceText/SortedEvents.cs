using System.Globalization;
using Palimpsest.Traces.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.FtraceText;

/// <summary>
/// Puts the events of a text into the order of time, which needs all of them at once. The events of one CPU are in order in
/// every buffer of the kernel; where they are not, the text has more than one recording, and no order would be right.
/// </summary>
internal sealed class SortedEvents
{
    // 60 bytes each.
    private const int MostEvents = 1 << 24;

    // The clock "boot" may step back a little when it is corrected.
    private const long LargestCorrectionNs = 10_000_000;

    private readonly TraceBuilder _trace;
    private readonly TextPosition _position;
    private readonly long _firstLine;
    private readonly TimeOrder<Held> _order;
    private readonly long[] _lastOfCpu = new long[TraceBuilder.MostCpus];
    private int _count;

    /// <param name="firstLine">Line at which time goes back first.</param>
    public SortedEvents(TraceBuilder trace, TextPosition position, long firstLine)
    {
        _trace = trace;
        _position = position;
        _firstLine = firstLine;
        _order = new TimeOrder<Held>(Release, mostPending: MostEvents + 1);
    }

    public void Add(int slot, bool isKept, in TraceEvent item)
    {
        ref long last = ref _lastOfCpu[item.Cpu];
        if (item.TimeNs < last - LargestCorrectionNs)
        {
            throw _position.Error(string.Create(
                CultureInfo.InvariantCulture,
                $"time goes back on CPU {item.Cpu}, from {last / 1e9:F6} to {item.TimeNs / 1e9:F6}: events of one CPU are always in ")
                + "order, so this is more than one recording; give one at a time");
        }

        if (++_count > MostEvents)
        {
            throw new InputException(
                $"{_position.File}: line {_firstLine}: time goes back, and the text has more than {MostEvents:N0} events, too many to be "
                + "put into order; give the kernel's own trace (/sys/kernel/tracing/trace), or a trace.dat");
        }

        last = Math.Max(last, item.TimeNs);
        _order.Add((ulong)last, new Held(item, slot, isKept));
    }

    /// <summary>Hands all of them on.</summary>
    public void End()
    {
        _trace.Note(
            $"Time goes back at line {_firstLine} for the first time, as where the files of several CPUs follow each other: "
            + "the events were put into the order of time, those of one time in that of the file.");
        _order.End();
    }

    private void Release(Held[] items, int[] order, int count)
    {
        for (int at = 0; at < count; at++)
        {
            ref readonly Held held = ref items[order[at]];
            _trace.Record(held.Slot, held.IsKept, held.Item);
        }
    }

    private readonly record struct Held(TraceEvent Item, int Slot, bool IsKept);
}
