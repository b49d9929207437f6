using Palimpsest.Traces.Text;

namespace Palimpsest.Traces.FtraceText;

/// <summary>
/// Lines of perf script: <c>COMM PID [CPU] TIME: SYSTEM:EVENT</c>, or <c>PID/TID</c>; the frames of a call graph may follow.
/// </summary>
internal sealed class PerfForm(TaskTable tasks)
{
    /// <summary>perf prints <c>%16s %5d [%03d]</c>.</summary>
    private const int CommColumns = 16;

    private int _bracket = CommColumns + 7;

    public bool TryRead(ReadOnlySpan<byte> line, ref LineHead found)
    {
        if (TryReadAtBracket(line, _bracket, ref found))
        {
            return true;
        }

        int bracket = 0;
        for (int next; (next = line[bracket..].IndexOf((byte)'[')) >= 0; bracket++)
        {
            bracket += next;
            if (TryReadAtBracket(line, bracket, ref found))
            {
                _bracket = bracket;
                return true;
            }
        }

        return false;
    }

    /// <summary>A function of the call graph before: an address and a name.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = line.TrimStart(" \t"u8);
        int digits = text.IndexOfAnyExcept("0123456789abcdef"u8);
        return text.Length < line.Length && digits is >= 1 and <= 16 && text[digits] == ' ';
    }

    private bool TryReadAtBracket(ReadOnlySpan<byte> line, int bracket, ref LineHead found)
    {
        if (bracket >= line.Length || line[bracket] != '[' || !TextNumber.TryDecimal(line[(bracket + 1)..], out ulong cpu, out int digits))
        {
            return false;
        }

        int close = bracket + 1 + digits;
        return line[close..].StartsWith("] "u8) && TryReadTime(line, close + 2, ref found) && TryReadTask(line, bracket, cpu, ref found);
    }

    private static bool TryReadTime(ReadOnlySpan<byte> line, int at, ref LineHead found)
    {
        int time = line.Length - line[at..].TrimStart((byte)' ').Length;
        if (!TimeStamp.TryRead(line[time..], out found.Time, out int end))
        {
            return false;
        }

        // The system's name is left out.
        int start = line.Length - line[(time + end)..].TrimStart((byte)' ').Length;
        int colon = line[start..].IndexOf((byte)':');
        found.EventStart = start + colon + 1;
        found.EventEnd = line.Length;
        return colon >= 0 && EventName.IsName(line.Slice(start, colon)) && found.EventStart < line.Length && line[found.EventStart] != ' ';
    }

    private bool TryReadTask(ReadOnlySpan<byte> line, int bracket, ulong cpu, ref LineHead found)
    {
        found.Cpu = (int)Math.Min(cpu, int.MaxValue);
        ReadOnlySpan<byte> text = line[..bracket];
        if (found.Cpu < TraceBuilder.MostCpus && tasks.TryRecall(found.Cpu, text, out found.Task))
        {
            return true;
        }

        ReadOnlySpan<byte> left = text.TrimEnd((byte)' ');
        int before = left.LastIndexOfAnyExceptInRange((byte)'0', (byte)'9');
        ReadOnlySpan<byte> thread = left[(before + 1)..];
        if (before >= 0 && left[before] == '/')
        {
            before = left[..before].LastIndexOfAnyExceptInRange((byte)'0', (byte)'9');
        }

        // A thread that is being taken down has the number -1.
        int sign = before > 0 && left[before] == '-' ? -1 : 1;
        before -= sign < 0 ? 1 : 0;
        if (before < 0 || left[before] != ' ' || left.Length == bracket || !TextNumber.TryDecimal(thread, out ulong pid, out _)
            || pid > int.MaxValue)
        {
            return false;
        }

        // A name may end in spaces, which only the columns tell; lines with call graphs are not in columns.
        ReadOnlySpan<byte> comm = left[0] == ' ' && before >= CommColumns && left[CommColumns] == ' '
            ? left[..CommColumns]
            : left[..before].TrimEnd((byte)' ');
        found.Task = tasks.IndexOf(sign * (int)pid, comm.TrimStart((byte)' '));
        if (found.Cpu < TraceBuilder.MostCpus)
        {
            tasks.Remember(found.Cpu, text, found.Task);
        }

        return true;
    }
}
