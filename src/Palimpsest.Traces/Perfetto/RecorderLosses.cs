using System.Text;

namespace Palimpsest.Traces.Perfetto;

/// <summary>What the recorder says that it lost, and could not record.</summary>
internal sealed class RecorderLosses
{
    private const ulong StartOfTrace = 1;
    private const int MostNames = 8;

    private readonly Dictionary<uint, (ulong Start, ulong End)> _ofCpu = [];
    private readonly SortedSet<string> _notRecorded = new(StringComparer.Ordinal);

    // Whether a sequence of packets has had events.
    private readonly Dictionary<uint, bool> _sequences = [];
    private long _places;
    private long _droppedPackets;

    /// <summary>A packet came of a sequence; the first is always said to come after a loss.</summary>
    public void TakePacket(uint sequence, bool hasEvents, bool isAfterLoss)
    {
        bool isKnown = _sequences.TryGetValue(sequence, out bool hadEvents);
        _droppedPackets += isAfterLoss && hadEvents ? 1 : 0;
        if ((!isKnown || (hasEvents && !hadEvents)) && _sequences.Count < TraceBuilder.MostCpus)
        {
            _sequences[sequence] = hasEvents;
        }
    }

    /// <summary>A CPU's buffer was full before a bundle of events.</summary>
    public void TakePlace() => _places++;

    /// <summary>Reads a FtraceStats: phase 1, CPUs 2, events that are not there 6 or failed 7; false if it is broken.</summary>
    public bool TryReadStats(ReadOnlySpan<byte> message)
    {
        ulong phase = 0;
        bool isWhole = true;
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            switch (fields.Field)
            {
                case 1:
                    phase = fields.Number;
                    break;
                case 2 when fields.Type == WireType.Bytes:
                    isWhole &= TryReadCpu(fields.Bytes, phase == StartOfTrace);
                    break;
                case 6 or 7 when _notRecorded.Count < MostNames && fields.Type == WireType.Bytes:
                    _notRecorded.Add(NameOf(fields.Bytes));
                    break;
            }
        }

        return isWhole && !fields.IsBroken;
    }

    public void Note(TraceBuilder trace)
    {
        ulong lost = _ofCpu.Values.Aggregate(0UL, (sum, cpu) => sum + (cpu.End > cpu.Start
            ? Math.Min(cpu.End - cpu.Start, uint.MaxValue)
            : 0));
        long unknown = (lost > 0 ? 0 : _places) + _droppedPackets;
        trace.LostEvents = (long)lost + unknown;
        if (lost > 0)
        {
            trace.Note($"{lost} events were lost while recording (the recorder's statistics say so); record with a larger buffer_size_kb "
                + "of ftrace_config.");
        }

        if (unknown > 0)
        {
            trace.Note($"At {unknown} places an unknown number of events was lost; each counts as one.");
        }

        if (_notRecorded.Count > 0)
        {
            trace.Note($"Events that were asked for and not recorded: {string.Join(", ", _notRecorded)}.");
        }
    }

    // CPU 1, overrun 3, commit_overrun 4, dropped_events 8: sums since the kernel's buffer was made.
    private bool TryReadCpu(ReadOnlySpan<byte> message, bool isStart)
    {
        uint cpu = 0;
        ulong lost = 0;
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            cpu = fields.Field == 1 ? (uint)Math.Min(fields.Number, TraceBuilder.MostCpus) : cpu;
            lost += fields.Field is 3 or 4 or 8 ? Math.Min(fields.Number, uint.MaxValue) : 0;
        }

        (ulong Start, ulong End) counts = _ofCpu.GetValueOrDefault(cpu);
        _ofCpu[cpu] = isStart ? (lost, Math.Max(counts.End, lost)) : (counts.Start, lost);
        return !fields.IsBroken;
    }

    private static string NameOf(ReadOnlySpan<byte> bytes) =>
        string.Concat(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 64)]).Where(letter => !char.IsControl(letter)));
}
