using Palimpsest.Lab.Traces.Text;

namespace Palimpsest.Lab.Traces.FtraceText;

/// <summary>Lines that are about the recording: the head of the file, and what the kernel says it lost.</summary>
internal sealed class HeaderLines
{
    private ulong _promised;
    private ulong _overwritten;
    private ulong _lost;
    private long _lossesOfUnknownSize;

    public long LostEvents => (long)Math.Min(_overwritten + _lost, long.MaxValue);

    public bool TryRead(ReadOnlySpan<byte> line)
    {
        if (line[0] == '#')
        {
            ReadComment(line);
            return true;
        }

        return line.StartsWith("CPU:"u8) && TryReadLoss(line);
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
            && TextNumber.TryDecimal(text[(length + 1)..], out ulong written, out _) && written <= long.MaxValue)
        {
            _promised = kept;
            _overwritten = written > kept ? written - kept : 0;
        }
    }

    // CPU:0 [LOST 1880 EVENTS]
    private bool TryReadLoss(ReadOnlySpan<byte> line)
    {
        int lost = line.IndexOf(" [LOST "u8);
        if (lost < 0)
        {
            return false;
        }

        bool isKnown = TextNumber.TryDecimal(line[(lost + 7)..], out ulong count, out _) && count <= uint.MaxValue;
        _lost += isKnown ? count : 1;
        _lossesOfUnknownSize += isKnown ? 0 : 1;
        return true;
    }
}
