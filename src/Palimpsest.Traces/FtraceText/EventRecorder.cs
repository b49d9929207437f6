using System.Buffers.Binary;
using Palimpsest.Traces.Text;

namespace Palimpsest.Traces.FtraceText;

/// <summary>Counts the events of all lines and keeps those that say something about pages.</summary>
internal sealed class EventRecorder
{
    // A counter moves by one with each event of any kind, ticks by hundreds.
    private const long LargestCounterStep = 16;

    private static readonly ulong _page = First8("mm_page_"u8);
    private static readonly ulong _alloc = First8("alloc: p"u8);
    private static readonly ulong _free = First8("free: pa"u8);
    private static readonly ulong _freeBatched = First8("free_bat"u8);
    private static readonly ulong _drain = First8("pcpu_dra"u8);

    private readonly TraceBuilder _trace;
    private readonly TextPosition _position;
    private readonly SortedEvents? _sorted;
    private readonly EventDecoder _decoder;
    private readonly List<TraceEventKind?> _kindOfSlot = [];
    private readonly int _allocSlot;
    private readonly int _freeSlot;
    private readonly int _freeBatchedSlot;
    private readonly int _drainSlot;
    private TimeStampKind? _stampKind;
    private long _firstTime;
    private long _lastTime;
    private bool _hasKept;

    /// <param name="sorted">Holds events back until all are there; null where they come in the order of time.</param>
    public EventRecorder(TraceBuilder trace, TextPosition position, SortedEvents? sorted)
    {
        _sorted = sorted;
        _trace = trace;
        _position = position;
        _decoder = new EventDecoder(trace.GfpSets, position);
        _allocSlot = SlotOf("mm_page_alloc"u8);
        _freeSlot = SlotOf("mm_page_free"u8);
        _freeBatchedSlot = SlotOf("mm_page_free_batched"u8);
        _drainSlot = SlotOf("mm_page_pcpu_drain"u8);
    }

    /// <summary>Lines that were events, also those that a filter leaves out.</summary>
    public long Count { get; private set; }

    /// <summary>Records <c>name: payload</c>; false if the text is no event.</summary>
    public bool TryRecord(ReadOnlySpan<byte> text, in LineHead found)
    {
        var item = new TraceEvent { TimeNs = found.Time.Value, Cpu = (ushort)found.Cpu, Task = found.Task };
        int slot = TryReadFamiliar(text, ref item);
        bool isKept = slot >= 0;
        if (!isKept)
        {
            ReadOnlySpan<byte> name = text;
            ReadOnlySpan<byte> payload = default;
            if (!found.IsSample && !EventName.TrySplit(text, out name, out payload))
            {
                return false;
            }

            // trace-cmd report names a mark by its format, the kernel by the function that wrote it.
            slot = name.SequenceEqual("print"u8) ? SlotOf("tracing_mark_write"u8) : SlotOf(name);
            isKept = _kindOfSlot[slot] is { } kind && TryDecode(kind, name, payload, ref item);
        }

        StampTime(found.Time, ref item);
        Count++;
        _hasKept |= isKept;
        if (_sorted is null)
        {
            _trace.Record(slot, isKept, item);
        }
        else
        {
            _sorted.Add(slot, isKept, item);
        }

        return true;
    }

    public TraceClock Clock()
    {
        if (_stampKind != TimeStampKind.Bare)
        {
            return _stampKind == TimeStampKind.Time ? TraceClock.Time : TraceClock.Counter;
        }

        return (_lastTime - _firstTime) / Math.Max(_trace.Tally.Total, 1) < LargestCounterStep ? TraceClock.Counter : TraceClock.Ticks;
    }

    public void Note()
    {
        if (_stampKind == TimeStampKind.Bare)
        {
            _trace.Note($"Time stamps have no decimal point; by their steps they are "
                + $"{(Clock() == TraceClock.Counter ? "a counter" : "ticks of unknown length")}.");
        }

        if (_stampKind == TimeStampKind.None)
        {
            _trace.Note("The lines have no time stamps: the number of the event stands for its time.");
        }

        _trace.NoteEvents();
    }

    // Four events make up nearly all of a recording. Told apart by their first 16 bytes; -1 leaves it to the exact way.
    private int TryReadFamiliar(ReadOnlySpan<byte> text, ref TraceEvent item)
    {
        if (text.Length < 24 || First8(text) != _page)
        {
            return -1;
        }

        ulong next = First8(text[8..]);
        if (next == _alloc && PayloadShortcut.TryReadAllocate(text[15..], ref item, out ReadOnlySpan<byte> gfp)
            && _trace.GfpSets.TryRecall(gfp, out item.Gfp))
        {
            item.Kind = TraceEventKind.Allocate;
            return _allocSlot;
        }

        if (next == _free && PayloadShortcut.TryReadFree(text[14..], ref item))
        {
            item.Kind = TraceEventKind.Free;
            return _freeSlot;
        }

        if (next == _freeBatched && text[16..].StartsWith("ched: "u8) && PayloadShortcut.TryReadFree(text[22..], ref item))
        {
            item.Kind = TraceEventKind.FreeBatched;
            return _freeBatchedSlot;
        }

        if (next == _drain && text[16..].StartsWith("in: "u8) && PayloadShortcut.TryReadDrain(text[20..], ref item))
        {
            item.Kind = TraceEventKind.Drain;
            return _drainSlot;
        }

        return -1;
    }

    private bool TryDecode(TraceEventKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> payload, ref TraceEvent item)
    {
        // What a shortcut has written before it gave up must not stay.
        item = new TraceEvent { TimeNs = item.TimeNs, Cpu = item.Cpu, Task = item.Task, Kind = kind };
        return _decoder.TryDecode(new PayloadFields(name, payload, _position), ref item);
    }

    private void StampTime(TimeStamp time, ref TraceEvent item)
    {
        if (time.Kind != _stampKind)
        {
            // Lines before the first kept event may be the cut rest of another line.
            if (_stampKind is not null && _hasKept)
            {
                throw _position.Error("the time stamp is written in another way than those before; give one recording at a time");
            }

            _stampKind = time.Kind;
            (_firstTime, _lastTime) = (time.Value, time.Value);
        }

        if (time.Value < _lastTime && _sorted is null)
        {
            throw new TimeGoesBackException(_position.File, _position.Line);
        }

        (_firstTime, _lastTime) = (Math.Min(_firstTime, time.Value), Math.Max(_lastTime, time.Value));
        if (time.Kind == TimeStampKind.None)
        {
            item.TimeNs = _trace.Tally.Total;
        }
    }

    private int SlotOf(ReadOnlySpan<byte> name)
    {
        int slot = _trace.Tally.SlotOf(name);
        while (_kindOfSlot.Count <= slot)
        {
            _kindOfSlot.Add(EventKinds.Of(name));
        }

        return slot;
    }

    private static ulong First8(ReadOnlySpan<byte> text) => BinaryPrimitives.ReadUInt64LittleEndian(text);
}
