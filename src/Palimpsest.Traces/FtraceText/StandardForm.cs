using Palimpsest.Traces.Text;

namespace Palimpsest.Traces.FtraceText;

/// <summary>
/// Lines as <c>COMM-PID  (TGID) [CPU] FLAGS TIME: EVENT</c>, the thread group and the flags being optional. A comm may hold anything,
/// so the place of <c>[CPU]</c> is told by all that must surround it, and most reliably by the columns the kernel keeps.
/// trace-cmd report puts the name of an instance and a colon before that.
/// </summary>
internal sealed class StandardForm(TaskTable tasks)
{
    /// <summary>The kernel prints <c>%16s-%-7d</c> (five digits in old ones), and a comm has at most 15 bytes.</summary>
    private const int DashColumn = 16;

    // The columns of the line before; nearly always those of the next.
    private int _dash = DashColumn;
    private int _bracket = DashColumn + 9;
    private int _flags = 5;

    public bool TryRead(ReadOnlySpan<byte> line, ref LineHead found) =>
        TryReadLikeLast(line, ref found) || TryReadAnew(line, ref found);

    private bool TryReadLikeLast(ReadOnlySpan<byte> line, ref LineHead found)
    {
        int bracket = _bracket;
        if (line.Length < bracket + 8 + _flags || line[bracket] != '[' || line[bracket + 4] != ']' || line[bracket + 5] != ' ')
        {
            return false;
        }

        // Only a guess unless these are digits; but the text that must be known includes them.
        int cpu = (((line[bracket + 1] - '0') * 100) + ((line[bracket + 2] - '0') * 10)
            + line[bracket + 3] - '0') & (TraceBuilder.MostCpus - 1);
        if (!tasks.TryRecall(cpu, line[..(bracket + 5)], out found.Task))
        {
            return false;
        }

        int at = bracket + 6;
        if (_flags > 0)
        {
            if (line[at] == ' ' || line[at + _flags] != ' ')
            {
                return false;
            }

            at += _flags + 1;
        }

        return TryReadTime(line, at, ref found) && SetCpu(cpu, ref found);
    }

    private bool TryReadAnew(ReadOnlySpan<byte> line, ref LineHead found)
    {
        if (line.Length > _dash && line[_dash] == '-' && TryReadAtDash(line, ref found))
        {
            return true;
        }

        int bracket = 0;
        for (int next; (next = line[bracket..].IndexOf((byte)'[')) >= 0; bracket++)
        {
            bracket += next;
            if (TryReadAtBracket(line, bracket, out int dash, out int pid, ref found))
            {
                _dash = HasInstance(line, dash) ? dash : DashColumn;
                found.Task = tasks.IndexOf(pid, Comm(line, dash));
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> Comm(ReadOnlySpan<byte> line, int dash) =>
        line[(HasInstance(line, dash) ? dash - DashColumn : 0)..dash].TrimStart((byte)' ');

    // "rec:              cc1-27309"
    private static bool HasInstance(ReadOnlySpan<byte> line, int dash) =>
        dash > DashColumn + 2 && line[dash - DashColumn - 1] == ' ' && line[dash - DashColumn - 2] == ':';

    private bool TryReadAtDash(ReadOnlySpan<byte> line, ref LineHead found)
    {
        int bracket = line[_dash..].IndexOf((byte)'[') + _dash;
        if (bracket < _dash || !TryReadAtBracket(line, bracket, out int dash, out int pid, ref found) || dash != _dash)
        {
            return false;
        }

        found.Task = tasks.IndexOf(pid, Comm(line, dash));
        if (line[bracket..].IndexOf((byte)']') == 4 && found.Cpu < TraceBuilder.MostCpus)
        {
            tasks.Remember(found.Cpu, line[..(bracket + 5)], found.Task);
            _bracket = bracket;
        }

        return true;
    }

    private bool TryReadAtBracket(ReadOnlySpan<byte> line, int bracket, out int dash, out int pid, ref LineHead found)
    {
        pid = 0;
        dash = DashBefore(line, bracket);
        if (dash < 0 || !TextNumber.TryDecimal(line[(dash + 1)..], out ulong number, out _) || number > int.MaxValue)
        {
            return false;
        }

        pid = (int)number;
        ReadOnlySpan<byte> afterBracket = line[(bracket + 1)..];
        return TextNumber.TryDecimal(afterBracket, out ulong cpu, out int digits)
            && afterBracket[digits..].StartsWith("] "u8)
            && TryReadFlagsAndTime(line, bracket + 1 + digits + 2, ref found)
            && SetCpu((int)Math.Min(cpu, int.MaxValue), ref found);
    }

    private bool TryReadFlagsAndTime(ReadOnlySpan<byte> line, int at, ref LineHead found)
    {
        _flags = 0;
        if (TryReadTime(line, at, ref found))
        {
            return true;
        }

        int flags = line[at..].IndexOf((byte)' ');
        _flags = Math.Max(flags, 0);
        return flags is > 0 and <= 8 && TryReadTime(line, at + flags + 1, ref found);
    }

    private static bool TryReadTime(ReadOnlySpan<byte> line, int at, ref LineHead found)
    {
        while (at < line.Length && line[at] == ' ')
        {
            at++;
        }

        if (at >= line.Length || !TimeStamp.TryRead(line[at..], out found.Time, out int end))
        {
            return false;
        }

        found.EventStart = at + end + 1;
        found.EventEnd = line.Length;
        bool isRead = found.EventStart < line.Length && line[found.EventStart - 1] == ' ';
        if (isRead && line[found.EventStart] == '(')
        {
            SkipDifference(line, ref found);
        }

        return isRead;
    }

    // trace-cmd report --ts-diff: "(+31) mm_page_free: "
    private static void SkipDifference(ReadOnlySpan<byte> line, ref LineHead found)
    {
        int close = line[found.EventStart..].IndexOf(") "u8);
        found.EventStart += close > 0 && line[found.EventStart + 1] == '+' ? close + 2 : 0;
    }

    private static bool SetCpu(int cpu, ref LineHead found)
    {
        found.Cpu = cpu;
        return true;
    }

    // Back over "-24300   (  24310) " to the dash; -1 if that is not what precedes the bracket.
    private static int DashBefore(ReadOnlySpan<byte> line, int bracket)
    {
        ReadOnlySpan<byte> left = line[..bracket].TrimEnd((byte)' ');
        if (left.Length == bracket)
        {
            return -1;
        }

        if (left.EndsWith(")"u8))
        {
            int open = left.LastIndexOf((byte)'(');
            if (open < 0 || left[(open + 1)..^1].IndexOfAnyExcept(" -0123456789"u8) >= 0)
            {
                return -1;
            }

            left = left[..open].TrimEnd((byte)' ');
        }

        int dash = left.LastIndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return dash >= 0 && dash < left.Length - 1 && left[dash] == '-' ? dash : -1;
    }
}
