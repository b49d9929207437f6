using Palimpsest.Traces.Text;

namespace Palimpsest.Traces.FtraceText;

/// <summary>
/// Lines with trace option latency-format: <c>COMM-PID  CPUFLAGS TIMEus+: EVENT</c>, time in microseconds; seconds in trace-cmd report -l.
/// </summary>
internal sealed class LatencyForm(TaskTable tasks)
{
    /// <summary>The kernel prints <c>%8.8s-%-7d</c>.</summary>
    private const int DashColumn = 8;

    private const long NanosecondsPerMicrosecond = 1000;

    public bool TryRead(ReadOnlySpan<byte> line, ref LineHead found)
    {
        if (line.Length > DashColumn && line[DashColumn] == '-' && TryReadAtDash(line, DashColumn, ref found))
        {
            return true;
        }

        int dash = 0;
        for (int next; (next = line[dash..].IndexOf((byte)'-')) >= 0; dash++)
        {
            dash += next;
            if (TryReadAtDash(line, dash, ref found))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryReadAtDash(ReadOnlySpan<byte> line, int dash, ref LineHead found)
    {
        ReadOnlySpan<byte> text = line[(dash + 1)..];
        if (!TextNumber.TryDecimal(text, out ulong pid, out int length) || pid > int.MaxValue || !TrySkipSpaces(text[length..], out text))
        {
            return false;
        }

        if (!TextNumber.TryDecimal(text, out ulong cpu, out length))
        {
            return false;
        }

        text = text[length..];
        int flags = text.IndexOf((byte)' ');
        if (flags is < 4 or > 8 || !TrySkipSpaces(text[flags..], out text) || !TryReadTime(line, text, ref found))
        {
            return false;
        }

        found.Cpu = (int)Math.Min(cpu, int.MaxValue);
        found.Task = tasks.IndexOf((int)pid, Comm(line[..dash]));
        return true;
    }

    // trace-cmd report -l puts the name of an instance before it.
    private static ReadOnlySpan<byte> Comm(ReadOnlySpan<byte> text)
    {
        int instance = text.Length > DashColumn + 2 && text[^(DashColumn + 1)] == ' ' && text[^(DashColumn + 2)] == ':'
            ? text.Length - DashColumn
            : 0;
        return text[instance..].TrimStart((byte)' ');
    }

    // "1045179489us+: ", or "2716298610013: " with a clock that is no time. The mark says how long it took; any.
    private static bool TryReadTime(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text, ref LineHead found)
    {
        if (!TextNumber.TryDecimal(text, out ulong time, out int digits))
        {
            return false;
        }

        ReadOnlySpan<byte> unit = text[digits..];
        if (unit.StartsWith("."u8))
        {
            found.EventStart = line.Length - text.Length;
            found.EventEnd = line.Length;
            bool isRead = TimeStamp.TryRead(text, out found.Time, out int end);
            found.EventStart += end;
            return isRead && found.EventStart < line.Length;
        }

        bool isTime = unit.Length > 5 && unit.StartsWith("us"u8) && unit[3..].StartsWith(": "u8);
        if (time > long.MaxValue / NanosecondsPerMicrosecond || (!isTime && !unit.StartsWith(": "u8)))
        {
            return false;
        }

        found.Time = isTime
            ? new TimeStamp((long)time * NanosecondsPerMicrosecond, TimeStampKind.Time)
            : new TimeStamp((long)time, TimeStampKind.Bare);
        found.EventStart = line.Length - unit.Length + (isTime ? 5 : 2);
        found.EventEnd = line.Length;
        return found.EventStart < line.Length;
    }

    private static bool TrySkipSpaces(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> rest)
    {
        rest = text.TrimStart((byte)' ');
        return rest.Length < text.Length;
    }
}
