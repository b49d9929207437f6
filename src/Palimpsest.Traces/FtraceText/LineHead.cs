namespace Palimpsest.Traces.FtraceText;

/// <summary>What a line of ftrace text says before its event.</summary>
internal struct LineHead
{
    public int Cpu;

    /// <summary>Index of the task.</summary>
    public int Task;

    public TimeStamp Time;

    /// <summary>Where the event's name begins in the line, and where the event ends.</summary>
    public int EventStart;
    public int EventEnd;

    /// <summary>A sample of one of perf's counters, as cpu-clock: its name is all that is between the two.</summary>
    public bool IsSample;
}

/// <summary>How a time stamp is written.</summary>
internal enum TimeStampKind : byte
{
    /// <summary>The line has none.</summary>
    None,

    /// <summary>Seconds with a decimal point, or microseconds: kept in nanoseconds.</summary>
    Time,

    /// <summary>A bare number: ticks or a counter.</summary>
    Bare,
}

/// <summary>Time stamp of a line.</summary>
internal readonly record struct TimeStamp(long Value, TimeStampKind Kind)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const int FractionDigits = 9;

    /// <summary>Reads <c>1044.127864:</c> or <c>2716298610013:</c>; <paramref name="end"/> is past the colon.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out TimeStamp time, out int end)
    {
        ulong whole = 0;
        int at = 0;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
        {
            whole = (whole * 10) + (uint)(text[at++] - '0');
        }

        end = 0;
        time = default;
        if (at is 0 or > 18 || at == text.Length)
        {
            return false;
        }

        if (text[at] == ':')
        {
            end = at + 1;
            time = new TimeStamp((long)whole, TimeStampKind.Bare);
            return true;
        }

        return text[at] == '.' && TryReadFraction(text, at + 1, whole, out time, out end);
    }

    private static bool TryReadFraction(ReadOnlySpan<byte> text, int start, ulong seconds, out TimeStamp time, out int end)
    {
        ulong fraction = 0;
        int at = start;
        while (at < text.Length && (uint)(text[at] - '0') <= 9)
        {
            fraction = (fraction * 10) + (uint)(text[at++] - '0');
            if (at - start > FractionDigits)
            {
                break;
            }
        }

        int digits = at - start;
        end = at + 1;
        time = default;
        if (digits is 0 or > FractionDigits || at >= text.Length || text[at] != ':' || seconds >= long.MaxValue / NanosecondsPerSecond)
        {
            return false;
        }

        // Six digits is what every kernel prints.
        fraction *= digits == 6 ? 1000UL : PowerOfTen(FractionDigits - digits);
        time = new TimeStamp(((long)seconds * NanosecondsPerSecond) + (long)fraction, TimeStampKind.Time);
        return true;
    }

    private static ulong PowerOfTen(int exponent)
    {
        ulong power = 1;
        for (int i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }
}
