using System.Buffers;
using Palimpsest.Traces.Text;

namespace Palimpsest.Traces.FtraceText;

/// <summary>
/// Lines of perf script: <c>COMM PID [CPU] TIME: SYSTEM:EVENT</c>, or <c>PID/TID</c>; the frames of a call graph may follow.
/// </summary>
internal sealed class PerfForm(TaskTable tasks)
{
    private static readonly SearchValues<byte> CounterLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=,"u8);

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
        bool isRead = line[close..].StartsWith("] "u8) && TryReadTime(line, close + 2, ref found)
            && TryReadTask(line, bracket, cpu, ref found);
        found.IsSample &= isRead;
        return isRead;
    }

    private static bool TryReadTime(ReadOnlySpan<byte> line, int at, ref LineHead found)
    {
        int time = line.Length - line[at..].TrimStart((byte)' ').Length;
        if (!TimeStamp.TryRead(line[time..], out found.Time, out int end))
        {
            return false;
        }

        return TryReadEvent(line, AfterPeriod(line, time + end), ref found);
    }

    // perf script -F +period: a number before the event.
    private static int AfterPeriod(ReadOnlySpan<byte> line, int at)
    {
        int start = line.Length - line[at..].TrimStart((byte)' ').Length;
        int digits = TextNumber.DigitsAt(line[start..]);
        return digits > 0 && line[(start + digits)..].StartsWith(" "u8)
            ? line.Length - line[(start + digits)..].TrimStart((byte)' ').Length
            : start;
    }

    private static bool TryReadEvent(ReadOnlySpan<byte> line, int start, ref LineHead found)
    {
        int colon = line[start..].IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        // The system's name is left out; a counter has none, but may have modifiers: "cpu-clock:pppH: ", "cycles: ".
        ReadOnlySpan<byte> name = line.Slice(start, colon);
        ReadOnlySpan<byte> rest = line[(start + colon + 1)..];
        int modifiers = rest.IndexOfAnyExcept("ukhGHIPpSDWeb"u8);
        found.IsSample = rest.IsEmpty || rest[0] == ' ' || (modifiers > 0 && rest[modifiers] == ':');
        found.EventStart = found.IsSample ? start : start + colon + 1;
        found.EventEnd = found.IsSample ? start + colon : line.Length;
        return found.IsSample ? IsCounter(name) : EventName.IsName(name) && rest.Length > 0;
    }

    private static bool IsCounter(ReadOnlySpan<byte> name) =>
        char.IsAsciiLetter((char)name[0]) && name.IndexOfAnyExcept(CounterLetters) < 0;

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

        // A thread that is being taken down has the number -1, and no samples, which would look like the kernel's own lines.
        // perf script -F may leave the name out.
        int sign = before > 0 && left[before] == '-' ? -1 : 1;
        before -= sign < 0 ? 1 : 0;
        if (before >= 0 && left[before] != ' ' || (sign < 0 && found.IsSample) || left.Length == bracket
            || !TextNumber.TryDecimal(thread, out ulong pid, out _) || pid > int.MaxValue)
        {
            return false;
        }

        // A name may end in spaces, which only the columns tell; lines with call graphs are not in columns.
        ReadOnlySpan<byte> comm = left[0] == ' ' && before >= CommColumns && left[CommColumns] == ' '
            ? left[..CommColumns]
            : left[..Math.Max(before, 0)].TrimEnd((byte)' ');
        comm = comm.TrimStart((byte)' ');
        found.Task = tasks.IndexOf(sign * (int)pid, comm.IsEmpty ? "<...>"u8 : comm);
        if (found.Cpu < TraceBuilder.MostCpus)
        {
            tasks.Remember(found.Cpu, text, found.Task);
        }

        return true;
    }
}
