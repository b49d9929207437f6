using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>What trace-cmd report and perf script print is read to the same events.</summary>
public sealed class ReportTextTests
{
    private const string Free = "mm_page_free:         page=0x2fbe48 pfn=0x2fbe48 order=0";

    [Theory]
    [InlineData("small.trace-cmd.txt.zst", "small.dat.txt.zst")]
    [InlineData("contig.trace-cmd.txt.zst", "contig.dat.txt.zst")]
    [InlineData("contig.trace-cmd-raw.txt.zst", "contig.dat.txt.zst")]
    public void TraceCmdReportSaysWhatTheKernelsTextSays(string sample, string text)
    {
        Trace trace = SampleText.ReadSample(sample);

        SameRecording.Assert(SampleText.ReadSample(text), trace);
        Assert.Equal("trace-cmd-report", trace.Format);
        Assert.DoesNotContain(trace.Notes, note => note.Contains("no ftrace text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rec:              cc1-27309 [001]  2392.370129: ")]
    [InlineData("rec:              cc1-27309 [001]  2392.370129: (+31)    ")]
    [InlineData("rec:      cc1-27309   1.....  2392.370129000: ")]
    [InlineData("             cc1-27309 [001]  2392.370129:          ")]
    public void InstancesDifferencesAndLatencyFormsAreRead(string head)
    {
        Trace trace = SampleText.Read("cpus=2", head + Free, head + Free);

        Assert.Equal(new TraceTask(27309, "cc1"), Assert.Single(trace.Tasks));
        Assert.Equal((2392_370_129_000, 1, 2), (trace.Events[1].TimeNs, (int)trace.Events[1].Cpu, (int)trace.Events.Count));
    }

    [Fact]
    public void DroppedEventsAreLost()
    {
        Trace trace = SampleText.Read("cpus=2", "rec: CPU:1 [3156 EVENTS DROPPED]", "CPU:0 [4 EVENTS DROPPED]",
            "             cc1-27309 [001]  2392.370129: " + Free);

        Assert.Equal(3160, trace.LostEvents);
    }

    [Fact]
    public void PerfScriptIsRead()
    {
        Trace trace = SampleText.ReadSample("perf-script.txt");

        Assert.Equal("perf-script", trace.Format);
        Assert.Equal(new TraceTask(3716, "rsync"), trace.Tasks[trace.Events[0].Task]);
        Assert.Equal(1950_095_416_000, trace.Events[0].TimeNs);
        Assert.Equal(GfpFlags.HighUserMovable | GfpFlags.Comp, trace.GfpOf(0));
    }

    [Theory]
    [InlineData(" .NET TP [1] Wor 17471 [001]  ", ".NET TP [1] Wor", 17471)]
    [InlineData(" RequestBuilder   3713 [001]  ", "RequestBuilder ", 3713)]
    [InlineData("              :-1    -1 [001]  ", ":-1", -1)]
    [InlineData("            rsync  3716/3719  [001]  ", "rsync", 3719)]
    [InlineData("rsync  3716 [001]  ", "rsync", 3716)]
    public void NamesInPerfScriptMayHoldAnything(string head, string comm, int pid)
    {
        string line = head + "1950.095416:        kmem:mm_page_free: page=0x29e695 pfn=0x29e695 order=0";
        Trace trace = SampleText.Read(line, "\tffffffff81616dc9 free_pages+0x12 ([kernel.kallsyms])", "", line,
            "rsync  3716 [001]  1950.1: PERF_RECORD_LOST lost 25");

        Assert.Equal(new TraceTask(pid, comm), Assert.Single(trace.Tasks));
        Assert.Equal((2L, 25L), (trace.Events.Count, trace.LostEvents));
        Assert.DoesNotContain(trace.Notes, note => note.Contains("no ftrace text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("6.1.0", GfpFlags.Atomic | GfpFlags.High)]
    [InlineData("6.12.95+deb12-arm64", GfpFlags.High)]
    [InlineData("4.19.0", GfpFlags.High | GfpFlags.NoWarn)]
    public void NumbersMeanWhatTheKernelsReleaseSays(string release, GfpFlags flags)
    {
        string line = "             cc1-27309 [001]  2392.370129: mm_page_alloc: [FAILED TO PARSE] pfn=0x4b01f order=0 gfp_flags=0x220 "
            + "migratetype=0\n";
        Trace trace = TraceFile.Read(new MemoryStream(System.Text.Encoding.ASCII.GetBytes(line)), "sample",
            new TraceReadOptions { KernelRelease = release });

        Assert.Equal(flags, trace.GfpOf(0));
        Assert.Contains(trace.Notes,
            note => note.Contains($"table of Linux {string.Join('.', release.Split('.')[..2])}", StringComparison.Ordinal));
    }
}
