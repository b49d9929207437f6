using Palimpsest.Testing.Recordings;

namespace Palimpsest.Traces.Tests;

/// <summary>Two files of one recording say the same.</summary>
internal static class SameRecording
{
    private const long NanosecondsPerMicrosecond = 1000;

    /// <summary>Each event as text, with the times of the kernel's text: rounded to microseconds.</summary>
    public static IEnumerable<string> Lines(Trace trace) => trace.All().Select(item =>
    {
        long time = (item.TimeNs + (NanosecondsPerMicrosecond / 2)) / NanosecondsPerMicrosecond;
        string gfp = item.Kind is TraceEventKind.Allocate or TraceEventKind.AllocateFailed ? trace.GfpSets[item.Gfp].ToString() : "";
        return $"{time} [{item.Cpu}] {trace.Tasks[item.Task]} {item.Kind} pfn {item.Pfn.Value:x} order {item.Order} type "
            + $"{item.MigrateType} value {item.Value} {gfp}";
    });

    public static void Assert(Trace expected, Trace actual)
    {
        Xunit.Assert.Equal(Lines(expected), Lines(actual));
        Xunit.Assert.Equal(expected.EventsByType, actual.EventsByType);
        Xunit.Assert.Equal(expected.Cpus, actual.Cpus);
        Xunit.Assert.Equal(expected.LostEvents, actual.LostEvents);
    }
}
