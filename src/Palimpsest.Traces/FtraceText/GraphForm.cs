using Palimpsest.Traces.Text;

namespace Palimpsest.Traces.FtraceText;

/// <summary>
/// Events inside the output of the function_graph tracer: <c>TIME | CPU) COMM-PID | /* EVENT */</c>, time and task being optional.
/// </summary>
internal sealed class GraphForm(TaskTable tasks)
{
    public bool TryRead(ReadOnlySpan<byte> line, ref LineHead found)
    {
        if (!TrySplit(line, out ReadOnlySpan<byte> head, ref found))
        {
            return false;
        }

        found.Time = default;
        int bar = head.IndexOf((byte)'|');
        int parenthesis = head.IndexOf((byte)')');
        if (bar >= 0 && bar < parenthesis)
        {
            if (!TryReadAbsoluteTime(head[..bar].Trim((byte)' '), ref found))
            {
                return false;
            }

            head = head[(bar + 1)..];
        }

        return TryReadCpuAndTask(head, ref found);
    }

    /// <summary>Is the line a call or return of the tracer, which is no event: <c> 24)   0.5 us    |  kfree();</c></summary>
    public static bool IsCall(ReadOnlySpan<byte> line)
    {
        int parenthesis = line.IndexOf((byte)')');
        return parenthesis > 0 && line[..parenthesis].IndexOfAnyExcept(" .|0123456789"u8) < 0 && line[parenthesis..].Contains((byte)'|');
    }

    private static bool TrySplit(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> head, ref LineHead found)
    {
        head = default;
        int comment = line.IndexOf("| "u8) < 0 ? -1 : line.IndexOf("/* "u8);
        if (comment < 0 || !line.EndsWith(" */"u8) || comment + 6 >= line.Length)
        {
            return false;
        }

        head = line[..comment];
        found.EventStart = comment + 3;
        found.EventEnd = line.Length - 3;
        return true;
    }

    private static bool TryReadAbsoluteTime(ReadOnlySpan<byte> text, ref LineHead found)
    {
        Span<byte> stamp = stackalloc byte[24];
        if (text.Length >= stamp.Length)
        {
            return false;
        }

        text.CopyTo(stamp);
        stamp[text.Length] = (byte)':';
        return TimeStamp.TryRead(stamp[..(text.Length + 1)], out found.Time, out _);
    }

    private bool TryReadCpuAndTask(ReadOnlySpan<byte> text, ref LineHead found)
    {
        text = text.TrimStart((byte)' ');
        if (!TextNumber.TryDecimal(text, out ulong cpu, out int digits) || !text[digits..].StartsWith(")"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> owner = text[(digits + 1)..];
        int bar = owner.IndexOf((byte)'|');
        if (bar < 0)
        {
            return false;
        }

        found.Cpu = (int)Math.Min(cpu, int.MaxValue);
        found.Task = TaskOf(owner[..bar].Trim((byte)' '));
        return true;
    }

    private int TaskOf(ReadOnlySpan<byte> owner)
    {
        int dash = owner.LastIndexOf((byte)'-');
        bool isTask = dash >= 0 && TextNumber.TryDecimal(owner[(dash + 1)..], out ulong pid, out int digits)
            && dash + 1 + digits == owner.Length && pid <= int.MaxValue;
        return isTask ? tasks.IndexOf(int.Parse(owner[(dash + 1)..]), owner[..dash]) : tasks.IndexOf(-1, "<unknown>"u8);
    }
}
