using System.Text;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Recordings;

/// <summary>Recordings to read: excerpts of real ones beside the tests, and texts made up in a test.</summary>
public static class SampleText
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Recordings", "Samples", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static Trace ReadSample(string name) => TraceFile.Read(PathOf(name));

    public static Trace Read(params string[] lines) => Read(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public static Trace Read(byte[] bytes) => TraceFile.Read(new MemoryStream(bytes), "sample");

    /// <summary>Reads one event with an ordinary head.</summary>
    public static Trace ReadEvent(string text) => Read($"            init-1       [003] .....     9.316274: {text}");

    /// <summary>Reads a file that must be refused, in one line; its message.</summary>
    public static string Refusal(byte[] bytes)
    {
        string message = Assert.Throws<InputException>(() => Read(bytes)).Message;
        Assert.StartsWith("sample: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    public static string Refusal(params string[] lines) =>
        Refusal(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public static string RefusalOfEvent(string text) => Refusal($"            init-1       [003] .....     9.316274: {text}");

    public static List<TraceEvent> All(this Trace trace)
    {
        var all = new List<TraceEvent>();
        for (long i = 0; i < trace.Events.Count; i++)
        {
            all.Add(trace.Events[i]);
        }

        return all;
    }

    public static int CountOf(this Trace trace, TraceEventKind kind) => trace.All().Count(item => item.Kind == kind);

    public static GfpFlags GfpOf(this Trace trace, int index) => trace.GfpSets[trace.Events[index].Gfp];
}
