using Palimpsest.Traces.Text;

namespace Palimpsest.Traces.FtraceText;

/// <summary>Lines that are about the recording: the head of the file, and what the kernel says it lost.</summary>
internal sealed class HeaderLines
{
    private ulong _promised;
    private ulong _overwritten;
    private ulong _lost;
    private long _lossesOfUnknownSize;

    public long LostEvents => (long)Math.Min(_overwritten + _lost, long.MaxValue);

    /// <summary>Does the head say that trace-cmd report wrote this?</summary>
    public bool IsTraceCmd { get; private set; }

    public bool TryRead(ReadOnlySpan<byte> line)
    {
        if (line[0] == '#')
        {
            ReadComment(line);
            return true;
        }

        if (AtraceHeader.IsLine(line))
        {
            return true;
        }

        if (line.StartsWith("cpus="u8) || line.StartsWith("version = "u8) || line.StartsWith("CPU "u8) && line.EndsWith(" is empty"u8))
        {
            IsTraceCmd = true;
            return true;
        }

        int cpu = line.IndexOf("CPU:"u8);
        return cpu >= 0 && TryReadLoss(line[cpu..]) || TryReadPerfLoss(line);
    }

    public void Note(TraceBuilder trace, long entries)
    {
        if (_overwritten > 0)
        {
            trace.Note($"{_overwritten} events were overwritten in the ring buffer before the file was written (its header says so).");
        }

        if (_lost > 0)
        {
            trace.Note($"{_lost} events were lost while recording (LOST EVENTS lines).");
        }

        if (_lossesOfUnknownSize > 0)
        {
            trace.Note($"At {_lossesOfUnknownSize} places an unknown number of events was lost; each counts as one.");
        }

        if (_promised > 0 && _promised != (ulong)entries)
        {
            trace.Note($"The header promises {_promised} entries, the file has {entries}: it is a part of the recording.");
        }
    }

    // # entries-in-buffer/entries-written: 1349/49727   #P:2
    // # latency: 0 us, #339/339, CPU#0 | (M:PREEMPT(none) VP:0, KP:0, SP:0 HP:0 #P:2)
    private void ReadComment(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("# entries-in-buffer/entries-written: "u8))
        {
            ReadEntries(line[37..]);
        }
        else if (line.StartsWith("# latency: "u8) && line.IndexOf(", #"u8) is > 0 and int comma)
        {
            ReadEntries(line[(comma + 3)..]);
        }
    }

    // "-/-" is unknown.
    private void ReadEntries(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart((byte)' ');
        if (TextNumber.TryDecimal(text, out ulong kept, out int length) && text[length..].StartsWith("/"u8)
            && TextNumber.TryDecimal(text[(length + 1)..], out ulong written, out _)
            && kept <= long.MaxValue && written <= long.MaxValue)
        {
            // A text of several files, one of each CPU, has a head for each.
            _promised = Math.Min(_promised + kept, long.MaxValue);
            _overwritten = Math.Min(_overwritten + (written > kept ? written - kept : 0), long.MaxValue);
        }
    }

    // CPU:0 [LOST 1880 EVENTS] in the kernel's text, CPU:1 [3156 EVENTS DROPPED] in trace-cmd's.
    private bool TryReadLoss(ReadOnlySpan<byte> line)
    {
        int lost = line.IndexOf(" [LOST "u8);
        if (lost >= 0)
        {
            AddLoss(line[(lost + 7)..]);
        }
        else if (line.IndexOf("EVENTS DROPPED]"u8) >= 0 && line.IndexOf((byte)'[') is > 0 and int bracket)
        {
            AddLoss(line[(bracket + 1)..]);
        }
        else
        {
            return false;
        }

        return true;
    }

    // perf script --show-lost-events: "PERF_RECORD_LOST lost 25"
    private bool TryReadPerfLoss(ReadOnlySpan<byte> line)
    {
        int lost = line.IndexOf("PERF_RECORD_LOST lost "u8);
        if (lost >= 0)
        {
            AddLoss(line[(lost + 22)..]);
        }

        return lost >= 0;
    }

    private void AddLoss(ReadOnlySpan<byte> text)
    {
        bool isKnown = TextNumber.TryDecimal(text, out ulong count, out _) && count <= uint.MaxValue;
        _lost += isKnown ? count : 1;
        _lossesOfUnknownSize += isKnown ? 0 : 1;
    }
}
