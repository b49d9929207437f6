using Palimpsest.Testing.Recordings;

namespace Palimpsest.Traces.Tests;

/// <summary>What the recorder lost is counted and said.</summary>
public sealed class FtraceTextLossTests
{
    private const string Line =
        "            init-1       [001] .....     9.316274: mm_page_free: page=000000007e13c42b pfn=0x2fbe48 order=0";

    [Fact]
    public void OverwrittenEventsAreLost()
    {
        Trace trace = SampleText.ReadSample("overwritten.txt");

        Assert.Equal(49727 - 1349, trace.LostEvents);
        Assert.Contains(trace.Notes, note => note.Contains("48378 events were overwritten", StringComparison.Ordinal));
        Assert.Contains(trace.Notes, note => note.Contains("promises 1349 entries, the file has 20", StringComparison.Ordinal));
        Assert.DoesNotContain(trace.Notes, note => note.Contains("no ftrace text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("# entries-in-buffer/entries-written: -/-   #P:2", 0)]
    [InlineData("# entries-in-buffer/entries-written: 2/2   #P:2", 0)]
    [InlineData("# latency: 0 us, #2/339, CPU#0 | (M:PREEMPT(none) VP:0, KP:0, SP:0 HP:0 #P:2)", 337)]
    public void HeadersSayWhatWasLost(string header, long lost)
    {
        Trace trace = SampleText.Read(header, Line, Line);

        Assert.Equal(lost, trace.LostEvents);
        Assert.Equal(lost > 0 ? 1 : 0, trace.Notes.Count(note => note.Contains("overwritten", StringComparison.Ordinal)));
    }

    [Fact]
    public void LostLinesAreAddedUp()
    {
        Trace trace = SampleText.Read("CPU:0 [LOST 1880 EVENTS]", Line, "CPU:1 [LOST 20 EVENTS]", Line, "CPU:1 [LOST EVENTS]");

        Assert.Equal(1901, trace.LostEvents);
        Assert.Contains(trace.Notes, note => note.Contains("unknown number", StringComparison.Ordinal));
    }

    [Fact]
    public void AStackTraceIsNoMissingEntry()
    {
        Trace trace = SampleText.Read("# entries-in-buffer/entries-written: 2/2   #P:2", Line,
            "            init-1       [001] .....     9.316274: <stack trace>", " => free_pages");

        Assert.Equal(1, trace.EventCount);
        Assert.DoesNotContain(trace.Notes, note => note.Contains("promises", StringComparison.Ordinal));
    }
}
