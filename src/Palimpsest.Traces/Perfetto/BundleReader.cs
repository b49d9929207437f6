using System.Diagnostics.CodeAnalysis;

namespace Palimpsest.Traces.Perfetto;

/// <summary>
/// Reads bundles of events (protos/perfetto/trace/ftrace/ftrace_event_bundle.proto). The recorder empties the CPUs' buffers
/// one after the other: a CPU that comes again begins a new round, and each goes on after its own last event.
/// </summary>
internal sealed class BundleReader(TraceBuilder trace, ThreadNames names, TimeOrder<PendingEvent> order, RecorderLosses losses)
{
    private const uint Generic = 327;
    private const ulong UnknownClock = 1;

    private readonly EventDescriptors _descriptors = new(trace.Tally);
    private readonly int _switchSlot = trace.Tally.SlotOf("sched_switch"u8);
    private readonly int _wakingSlot = trace.Tally.SlotOf("sched_waking"u8);

    // Time of the last event of each CPU, and the CPUs of the round.
    private readonly ulong[] _latest = new ulong[TraceBuilder.MostCpus];
    private readonly bool[] _isInRound = new bool[TraceBuilder.MostCpus];
    private readonly List<int> _round = [];
    private int _lastCpu = -1;

    /// <summary>Allocations whose flags were translated already.</summary>
    public bool HasAllocations { get; private set; }

    /// <summary>Refills of a higher order whose list the recording does not tell.</summary>
    public long RefillsOfUnknownList { get; private set; }

    /// <summary>Reads a bundle; false with a complaint if something is wrong with it.</summary>
    /// <param name="sequence">Of packets, within which events are described.</param>
    public bool TryRead(ReadOnlySpan<byte> bundle, uint sequence, [NotNullWhen(false)] out string? complaint)
    {
        if (!TryReadHead(bundle, sequence, out int cpu, out ReadOnlySpan<byte> compact, out complaint))
        {
            return false;
        }

        JoinRound(cpu);
        ulong latest = _latest[cpu];
        if (!compact.IsEmpty && !TryReadCompact(compact, cpu, ref latest))
        {
            complaint = Broken("compact scheduler events");
            return false;
        }

        var fields = new WireReader(bundle);
        while (fields.TryNext())
        {
            if (fields.Field == 2 && !TryReadEvent(fields.Bytes, cpu, sequence, ref latest, out complaint))
            {
                return false;
            }
        }

        _latest[cpu] = latest;
        return true;
    }

    // Descriptions may come after the events.
    private bool TryReadHead(ReadOnlySpan<byte> bundle, uint sequence, out int cpu, out ReadOnlySpan<byte> compact,
        [NotNullWhen(false)] out string? complaint)
    {
        ulong number = 0;
        compact = default;
        bool isWhole = true;
        var fields = new WireReader(bundle);
        while (fields.TryNext())
        {
            switch (fields.Field)
            {
                case 1:
                    number = fields.Number;
                    break;
                case 3 when fields.Number != 0:
                    losses.TakePlace();
                    break;
                case 4:
                    compact = fields.Bytes;
                    break;
                case 5 when fields.Number == UnknownClock:
                    trace.Clock = TraceClock.Ticks;
                    break;
                case 11:
                    isWhole &= _descriptors.TryDescribe(sequence, fields.Bytes);
                    break;
            }
        }

        cpu = (int)Math.Min(number, TraceBuilder.MostCpus);
        complaint = cpu == TraceBuilder.MostCpus ? $"CPU {number} is above {TraceBuilder.MostCpus - 1}; the file is damaged, copy it again"
            : isWhole && !fields.IsBroken ? null : Broken("a bundle of events");
        return complaint is null;
    }

    private void JoinRound(int cpu)
    {
        if (cpu != _lastCpu && _isInRound[cpu])
        {
            ulong complete = ulong.MaxValue;
            foreach (int other in _round)
            {
                complete = Math.Min(complete, _latest[other]);
                _isInRound[other] = false;
            }

            order.EndRound(complete);
            _round.Clear();
        }

        if (!_isInRound[cpu])
        {
            _isInRound[cpu] = true;
            _round.Add(cpu);
        }

        _lastCpu = cpu;
    }

    private bool TryReadCompact(ReadOnlySpan<byte> compact, int cpu, ref ulong latest)
    {
        string[] table = CompactSched.Table(compact, names);
        var item = new PendingEvent { Event = new TraceEvent { Cpu = (ushort)cpu }, Thread = -1, Slot = _switchSlot };
        bool isWhole = CompactSched.Switches(compact).TryAdd(item, table, order, ref latest);
        item.Slot = _wakingSlot;
        return isWhole && CompactSched.Wakings(compact).TryAdd(item, table, order, ref latest);
    }

    // Time 1, thread 2, and the event's own message under its number.
    private bool TryReadEvent(ReadOnlySpan<byte> message, int cpu, uint sequence, ref ulong latest,
        [NotNullWhen(false)] out string? complaint)
    {
        ulong? time = null;
        uint number = 0;
        ReadOnlySpan<byte> content = default;
        var item = new PendingEvent { Thread = -1 };
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            if (fields.Field == 1)
            {
                time = fields.Number;
            }
            else if (fields.Field == 2)
            {
                item.Thread = (int)fields.Number;
            }
            else if (fields.Type == WireType.Bytes)
            {
                number = fields.Field;
                content = fields.Bytes;
            }
        }

        if (fields.IsBroken || time is not { } stamp)
        {
            complaint = fields.IsBroken ? Broken("an event") : "an event has no time; the file is damaged, copy it again";
            return false;
        }

        item.Event.TimeNs = (long)Math.Min(stamp, long.MaxValue);
        item.Event.Cpu = (ushort)cpu;
        Decode(content, number, sequence, ref item, out complaint);
        order.Add(stamp, item);
        latest = Math.Max(latest, stamp);
        return complaint is null;
    }

    private void Decode(ReadOnlySpan<byte> content, uint number, uint sequence, ref PendingEvent item, out string? complaint)
    {
        bool isGeneric = number == Generic;
        MessageLayout layout = isGeneric ? _descriptors.OfNamed(content) : _descriptors.Of(sequence, number);
        item.Slot = layout.Slot;
        complaint = null;
        if (!layout.IsKept)
        {
            TaskEvent.Learn(number, content, names, ref item);
            return;
        }

        item.IsKept = isGeneric
            ? layout.TryDecodeNamed(content, trace.GfpSets, ref item.Event, out complaint)
            : layout.TryDecode(content, trace.GfpSets, ref item.Event, out complaint);
        HasAllocations |= item.Event.Kind is TraceEventKind.Allocate or TraceEventKind.AllocateFailed;
        RefillsOfUnknownList += item.Event.Kind == TraceEventKind.Refill && item.Event.Order > 0 && number == KnownEvents.ZoneLocked
            ? 1
            : 0;
    }

    private static string Broken(string what) => $"the fields of {what} do not fit; the file is damaged, copy it again";
}
