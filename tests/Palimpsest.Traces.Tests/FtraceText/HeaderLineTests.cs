using System.Text;
using Palimpsest.Traces.FtraceText;

namespace Palimpsest.Traces.Tests.FtraceText;

/// <summary>Lines about the recording: how much there was, how much is lost, and who wrote the text.</summary>
public sealed class HeaderLineTests
{
    [Theory]
    [InlineData("# entries-in-buffer/entries-written: 1349/49727   #P:2", 48378)]
    [InlineData("# entries-in-buffer/entries-written: 49727/49727   #P:2", 0)]
    [InlineData("# entries-in-buffer/entries-written: 5/3   #P:2", 0)]
    [InlineData("# entries-in-buffer/entries-written: -/-   #P:2", 0)]
    [InlineData("# latency: 0 us, #339/400, CPU#0 | (M:PREEMPT(none) VP:0, KP:0, SP:0 HP:0 #P:2)", 61)]
    [InlineData("# tracer: nop", 0)]
    [InlineData("CPU:0 [LOST 1880 EVENTS]", 1880)]
    [InlineData("CPU:1 [3156 EVENTS DROPPED]", 3156)]
    [InlineData("CPU:1 [EVENTS DROPPED]", 1)]
    [InlineData("     init     1 [003]  9.316274: PERF_RECORD_LOST lost 25", 25)]
    [InlineData("cpus=2", 0)]
    [InlineData("TRACE:", 0)]
    public void ALineSaysHowManyEventsAreGone(string line, long lost)
    {
        HeaderLines header = new();

        Assert.True(header.TryRead(Bytes(line)));
        Assert.Equal(lost, header.LostEvents);
    }

    [Theory]
    [InlineData("            init-1       [003] .....     9.316274: mm_page_free: x")]
    [InlineData("CPU:1 is quiet")]
    [InlineData("hello")]
    public void OtherLinesAreNotAboutTheRecording(string line) => Assert.False(new HeaderLines().TryRead(Bytes(line)));

    [Theory]
    [InlineData("cpus=4", true)]
    [InlineData("version = 7", true)]
    [InlineData("CPU 3 is empty", true)]
    [InlineData("CPU 3 is full", false)]
    [InlineData("# tracer: nop", false)]
    public void TraceCmdIsKnownByWhatItAdds(string line, bool isTraceCmd)
    {
        HeaderLines header = new();
        header.TryRead(Bytes(line));

        Assert.Equal(isTraceCmd, header.IsTraceCmd);
    }

    [Fact]
    public void LossesAreAddedUpAndNoted()
    {
        HeaderLines header = new();
        foreach (string line in new[]
        {
            "# entries-in-buffer/entries-written: 10/30   #P:2", "# entries-in-buffer/entries-written: 5/6   #P:2",
            "CPU:0 [LOST 7 EVENTS]", "CPU:1 [EVENTS DROPPED]",
        })
        {
            Assert.True(header.TryRead(Bytes(line)));
        }

        Assert.Equal(20 + 1 + 7 + 1, header.LostEvents);
        Assert.Equal(
            [
                "21 events were overwritten in the ring buffer before the file was written (its header says so).",
                "8 events were lost while recording (LOST EVENTS lines).",
                "At 1 places an unknown number of events was lost; each counts as one.",
                "The header promises 15 entries, the file has 12: it is a part of the recording.",
            ],
            Notes(header, entries: 12));
    }

    [Fact]
    public void AWholeRecordingNeedsNoNote()
    {
        HeaderLines header = new();
        header.TryRead(Bytes("# entries-in-buffer/entries-written: 12/12   #P:2"));

        Assert.Empty(Notes(header, entries: 12));
    }

    [Fact]
    public void NumbersThatNoBufferHasAreCountedAsFarAsTheyGo()
    {
        HeaderLines header = new();
        header.TryRead(Bytes("# entries-in-buffer/entries-written: 1/9223372036854775807   #P:2"));
        header.TryRead(Bytes("# entries-in-buffer/entries-written: 1/9223372036854775807   #P:2"));
        header.TryRead(Bytes("CPU:0 [LOST 99999999999999 EVENTS]"));

        Assert.Equal(long.MaxValue, header.LostEvents);
    }

    private static string[] Notes(HeaderLines header, long entries)
    {
        TraceBuilder trace = new(options: null);
        header.Note(trace, entries);
        trace.Record(trace.Tally.SlotOf("mm_page_free"u8), isKept: true, new TraceEvent { Kind = TraceEventKind.Free });
        return [.. trace.Build("name", "format").Notes];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
