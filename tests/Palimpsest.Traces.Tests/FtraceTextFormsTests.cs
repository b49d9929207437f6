using Palimpsest.Testing.Recordings;

namespace Palimpsest.Traces.Tests;

/// <summary>Every form that trace options give a line is read to the same events.</summary>
public sealed class FtraceTextFormsTests
{
    private const string Free = "mm_page_free: page=000000007e13c42b pfn=0x2fbe48 order=0";

    [Theory]
    [InlineData("irqinfo.txt", 14, 20, "rec.sh", 24300, 1044_127_864_000)]
    [InlineData("boot.txt", 24, 12, "rec.sh", 24358, 1046_579_924_000)]
    [InlineData("verbose.txt", 33, 13, "rec.sh", 24334, 1045_512_167_000)]
    [InlineData("noirq.txt", 30, 12, "rec.sh", 24318, 1044_835_220_000)]
    [InlineData("tgid.txt", 23, 13, "rec.sh", 24310, 1044_507_963_000)]
    [InlineData("latfmt.txt", 18, 12, "rec.sh", 24326, 1045_179_489_000)]
    [InlineData("fields.txt", 22, 0, "rec.sh", 24387, 1047_321_353_000)]
    [InlineData("stack.txt", 3, 0, "rec.sh", 24342, 1045_838_920_000)]
    [InlineData("pipe.txt", 40, 0, "bash", 27216, 2391_321_803_000)]
    [InlineData("huge-zero-folio.txt", 4, 5, "python3", 15717, 2289_822_227_000)]
    public void EveryFormWithTimesIsRead(string sample, int allocations, int frees, string comm, int pid, long firstTime)
    {
        Trace trace = SampleText.ReadSample(sample);

        Assert.Equal("ftrace-text", trace.Format);
        Assert.Equal(allocations, trace.CountOf(TraceEventKind.Allocate));
        Assert.Equal(frees, trace.CountOf(TraceEventKind.Free));
        Assert.Equal(TraceClock.Time, trace.Clock);
        Assert.Equal(firstTime, trace.Events[0].TimeNs);
        Assert.Equal(new TraceTask(pid, comm), trace.Tasks[trace.Events[0].Task]);
        Assert.Equal(1, trace.Events[0].Cpu);
        Assert.Equal(2, trace.Cpus);
        Assert.DoesNotContain(trace.Notes, note => note.Contains("no ftrace text", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("tsc.txt", TraceClock.Ticks, 2_716_298_610_013)]
    [InlineData("counter.txt", TraceClock.Counter, 2)]
    [InlineData("nocontext.txt", TraceClock.Counter, 0)]
    public void ClocksThatAreNoTimeAreKeptAsTheyAre(string sample, TraceClock clock, long first)
    {
        Trace trace = SampleText.ReadSample(sample);

        Assert.Equal(clock, trace.Clock);
        Assert.Equal(first, trace.Events[0].TimeNs);
        Assert.Contains(trace.Notes, note => note.Contains("time stamps", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void WithoutTimeTheNumberOfTheEventStandsForIt()
    {
        Trace trace = SampleText.ReadSample("nocontext.txt");

        Assert.Equal(Enumerable.Range(0, 46).Select(number => (long)number), trace.All().Select(item => item.TimeNs));
        Assert.Equal(new TraceTask(-1, "<unknown>"), Assert.Single(trace.Tasks));
    }

    [Theory]
    [InlineData(".NET TP Worker-17471   ", ".NET TP Worker", 17471)]
    [InlineData("kworker/u8:3-wr-120    ", "kworker/u8:3-wr", 120)]
    [InlineData("<...>-123    ", "<...>", 123)]
    [InlineData("<idle>-0      ", "<idle>", 0)]
    [InlineData("a-1 [002] x-77      ", "a-1 [002] x", 77)]
    [InlineData("(sd-pam)-9       ", "(sd-pam)", 9)]
    [InlineData("1: mm_page_fre-1234567", "1: mm_page_fre", 1234567)]
    public void CommsMayHoldAnything(string text, string comm, int pid)
    {
        string line = new string(' ', 16 - comm.Length) + text + " [001] d..3.   746.050412: " + Free;
        Trace trace = SampleText.Read(line, line);

        Assert.Equal([new TraceTask(pid, comm)], trace.Tasks);
        Assert.Equal(2, trace.Events.Count);
        Assert.Equal(746_050_412_000, trace.Events[1].TimeNs);
    }

    [Theory]
    [InlineData("            init-1     [001] d..3  1044.127864: ")]
    [InlineData("            init-1     [001] ...1.1  1044.127864: ")]
    [InlineData("            init-1     [001]  1044.127864: ")]
    [InlineData("init-1 [001] d..3. 1044.127864: ")]
    [InlineData("            init-1     (-----) [001] ....  1044.127864: ")]
    [InlineData("            init-1       (      1) [0001] .....  1044.127864000: ")]
    [InlineData("    init-1       1d..1. 1044127864us!: ")]
    public void OldAndTrimmedHeadsAreRead(string head)
    {
        Trace trace = SampleText.Read(head + Free, "            init-1       [001] .....  1044.127864: " + Free);

        Assert.Equal(1044_127_864_000, trace.Events[0].TimeNs);
        Assert.Equal(1, trace.Events[0].Cpu);
        Assert.Equal(new TraceTask(1, "init"), trace.Tasks[0]);
    }

    [Theory]
    [InlineData(" 24)               |  /* {0} */", TraceClock.Counter, -1, "<unknown>")]
    [InlineData(" 24)  kworker-17   |               |  /* {0} */", TraceClock.Counter, 17, "kworker")]
    [InlineData("  360.774522 |   24)  ls-4536    |               |  /* {0} */", TraceClock.Time, 4536, "ls")]
    public void EventsInsideAFunctionGraphAreRead(string form, TraceClock clock, int pid, string comm)
    {
        Trace trace = SampleText.Read(" 24)   0.541 us    |  kfree();", form.Replace("{0}", Free, StringComparison.Ordinal),
            " 24)               |  } /* kfree */");

        Assert.Equal(24, trace.Events[0].Cpu);
        Assert.Equal(clock, trace.Clock);
        Assert.Equal(new TraceTask(pid, comm), trace.Tasks[trace.Events[0].Task]);
        Assert.DoesNotContain(trace.Notes, note => note.Contains("no ftrace text", StringComparison.Ordinal));
    }

    [Fact]
    public void OtherEventsAreOnlyCounted()
    {
        Trace trace = SampleText.Read(
            "             cc1-16365   [001] .....  2320.801012: sys_mmap(addr: 0, len: 0x200000, prot: 3, flags: 0x22, fd: 0xffffffff, "
                + "off: 0)",
            "             cc1-16365   [001] .....  2320.801018: sys_mmap -> 0x7fbdb3400000",
            "             cc1-16365   [001] .....  2320.801020: kfree <-seq_release",
            "             cc1-16365   [001] .....  2320.801022: tracing_mark_write: mm_page_free: pfn=zz",
            "             cc1-16365   [001] .....  2320.801023: " + Free);

        Assert.Equal(["function 1", "mm_page_free 1", "sys_mmap 2", "tracing_mark_write 1"],
            trace.EventsByType.Select(type => $"{type.Key} {type.Value}"));
        Assert.Equal(5, trace.EventCount);
        Assert.Equal(1, trace.Events.Count);
    }

    [Fact]
    public void LinesThatAreNoTraceArePassedOverWithANote()
    {
        Trace trace = SampleText.Read(
            "page_free: page=000000007e13c42b pfn=0x2fbe48 order=0",
            "             cc1-16365   [001] .....  2320.801022: tracing_mark_write: one",
            "two",
            "             cc1-16365   [001] .....  2320.801023: " + Free);

        Assert.Equal(TraceClock.Time, trace.Clock);
        Assert.Contains(trace.Notes, note => note.StartsWith("1 lines are no ftrace text", StringComparison.Ordinal)
            && note.Contains("line 3", StringComparison.Ordinal));
    }
}
