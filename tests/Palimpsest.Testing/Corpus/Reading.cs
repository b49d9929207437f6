using Palimpsest.Exploration.Schedules;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Corpus;

/// <summary>What a reader may do with an input: take it, or refuse it in one line, without much memory.</summary>
public static class Reading
{
    /// <summary>Of the heap, for one input. An input is small, but may unpack into more.</summary>
    public const long MostBytes = 256L << 20;

    private const int LongestRefusal = 1000;

    /// <summary>What the reader did wrong, null if nothing.</summary>
    public static string? FaultOf(Action<byte[]> reader, byte[] input)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        string? fault = null;
        try
        {
            reader(input);
        }
        catch (Exception exception) when (exception is InputException or ScheduleFormatException)
        {
            fault = FaultOf(exception.Message);
        }
        catch (Exception exception)
        {
            fault = exception.ToString();
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return fault ?? (bytes > MostBytes ? $"{bytes:N0} bytes of memory for an input of {input.Length:N0}" : null);
    }

    private static string? FaultOf(string refusal) =>
        refusal.Length is 0 or > LongestRefusal || refusal.Any(char.IsControl) ? $"the refusal is no line: {refusal}" : null;
}
