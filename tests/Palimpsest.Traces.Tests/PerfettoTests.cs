using System.Text.RegularExpressions;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;
using static Palimpsest.Testing.Recordings.PerfettoWriter;

namespace Palimpsest.Traces.Tests;

/// <summary>A trace of Perfetto says the same as the kernel's text of the same recording.</summary>
public sealed class PerfettoTests
{
    private const uint Alloc = 307;
    private const uint Free = 310;

    internal static readonly string[] Samples =
        ["perfetto-dedicated-deflate.pftrace", "perfetto-dedicated.pftrace", "perfetto-dense.pftrace", "perfetto-generic.pftrace"];

    public static readonly TheoryData<string> AllSamples = [.. Samples];

    [Theory]
    [MemberData(nameof(AllSamples))]
    public void EveryEncodingSaysWhatTheTextSays(string sample)
    {
        Trace text = SampleText.ReadSample("perfetto.txt.zst");
        Trace trace = SampleText.ReadSample(sample);

        Assert.Equal(1_797, trace.EventCount);
        Assert.Equal(Lines(text), Lines(trace));
        Assert.Equal(text.EventsByType, trace.EventsByType);
        Assert.Equal((text.Cpus, text.LostEvents), (trace.Cpus, trace.LostEvents));
        Assert.Equal(("perfetto", "6.18.44", TraceClock.Time), (trace.Format, trace.KernelRelease, trace.Clock));
        Assert.Null(trace.CutOff);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void TheWholeFileMayBeCompressed(string compression) => Assert.Equal(
        Lines(SampleText.ReadSample(Samples[1])),
            Lines(SampleText.Read(TraceFileTests.Compress(compression, SampleText.Bytes(Samples[1])))));

    [Fact]
    public void ThreadsAreCalledWhatEventsAndTheListOfProcessesSay()
    {
        byte[] tree = Packet(packet => packet.Message(2, list => list
            .Message(1, process => process.Number(1, 20).Text(3, "/usr/bin/server").Text(3, "-x"))
            .Message(2, thread => thread.Number(1, 21).Text(2, "worker").Number(3, 20))
            .Message(2, thread => thread.Number(1, 22).Number(3, 20))));
        Trace trace = SampleText.Read([
            .. Bundle(0,
                Freed(1, 30), Freed(2, 21), Freed(3, 22), Freed(4, 20), Freed(5, 99),
                Event(6, 30, 235, task => task.Number(1, 31).Text(2, "sh")), Freed(7, 31),
                Event(8, 31, 236, task => task.Number(1, 31).Text(2, "sh").Text(3, "ls")), Freed(9, 31),
                Event(10, 30, 4, task => task.Text(1, "bash").Number(2, 30).Text(5, "swapper/0").Number(6, 0)), Freed(11, 0),
                bundle => bundle.Message(4, sched => sched.Packed(1, 12, 2).Packed(3, 40, 41).Packed(6, 1, 0).Text(5, "b").Text(5, "a")),
                    Freed(13, 40), Freed(15, 41)),
            .. tree]);

        Assert.Equal(
            ["bash 30", "worker 21", "server 22", "server 20", "<...> 99", "sh 31", "ls 31", "<idle> 0", "a 40", "b 41"],
            trace.All().Select(item => trace.Tasks[item.Task]).Select(task => $"{task.Comm} {task.Pid}"));
        Assert.Equal(3, trace.EventsByType.Single(type => type.Key == "sched_switch").Value);
    }

    [Fact]
    public void LossesAreCountedFromStatisticsAndElseFromPlaces()
    {
        byte[] full = Bundle(0, bundle => bundle.Number(3, 1), Freed(1, 1));
        byte[] dropped = Packet(packet => packet.Message(1, bundle => Freed(2, 1)(bundle)).Number(10, 3).Number(42, 1));
        byte[] start = Stats(1, 10, "");
        byte[] end = Stats(2, 110, "kmem/none");

        Trace places = SampleText.Read([.. dropped, .. full, .. dropped]);
        Trace counted = SampleText.Read([.. start, .. full, .. end, .. end]);

        Assert.Equal((2, 107), (places.LostEvents, counted.LostEvents));
        Assert.Contains(places.Notes, note => note.StartsWith("At 2 places", StringComparison.Ordinal));
        Assert.Contains(counted.Notes, note => note.StartsWith("107 events were lost", StringComparison.Ordinal));
        Assert.Contains(counted.Notes, note => note.EndsWith("not recorded: kmem/none.", StringComparison.Ordinal));

        static byte[] Stats(ulong phase, ulong overrun, string missing) => Packet(packet => packet.Message(34, stats =>
        {
            stats.Number(1, phase).Message(2, cpu => cpu.Number(1, 1).Number(3, overrun).Number(4, phase * 2).Number(8, phase * 5));
            if (missing.Length > 0)
            {
                stats.Text(6, missing);
            }
        }));
    }

    [Fact]
    public void NumbersOfDescribedEventsAreThoseOfTheirSequence()
    {
        Trace trace = SampleText.Read([
            .. Described(3, "mm_page_free", isDescribed: true), .. Described(4, "mm_page_free_batched", isDescribed: true),
            .. Described(3, "", isDescribed: false), .. Described(5, "", isDescribed: false)]);

        Assert.Equal([TraceEventKind.Free, TraceEventKind.FreeBatched, TraceEventKind.Free], trace.All().Select(item => item.Kind));
        Assert.Contains(trace.EventsByType, type => type.Key.Contains("65540 without a description", StringComparison.Ordinal));

        static byte[] Described(ulong sequence, string name, bool isDescribed) =>
            Packet(packet => packet.Number(10, sequence).Message(1, bundle =>
        {
            Event(1, 1, 65540, free => free.Number(1, 0).Number(2, 5))(bundle);
            if (isDescribed)
            {
                bundle.Message(11, described => described.Number(1, 65540).Message(2, message => message.Text(1, name)
                    .Message(2, field => field.Text(1, "order").Number(3, 1)).Message(2, field => field.Text(1, "pfn").Number(3, 2))));
            }
        }));
    }

    [Fact]
    public void AFailedAllocationHasThePageMinusOne()
    {
        Trace trace =
            SampleText.Read(Bundle(0, Event(1, 1, Alloc, alloc => alloc.Number(1, 0xcc0).Number(2, 0).Number(3, 9)
            .Number(5, ulong.MaxValue))));

        Assert.Equal((TraceEventKind.AllocateFailed, 9), (trace.Events[0].Kind, trace.Events[0].Order));
    }

    [Fact]
    public void AFieldThatIsMissingIsNotZero() =>
        Assert.Contains("mm_page_alloc of this kernel has no field pfn",
            SampleText.Refusal(Bundle(0, Event(1, 1, Alloc, alloc => alloc.Number(1, 0).Number(2, 0).Number(3, 0)))),
            StringComparison.Ordinal);

    [Fact]
    public void FlagsMeanWhatTheReleaseSays()
    {
        byte[] allocated = Bundle(0, Event(1, 1, Alloc, alloc => alloc.Number(1, 0x2800).Number(2, 0).Number(3, 0).Number(5, 1)));

        Assert.Equal(GfpFlags.KswapdReclaim, SampleText.Read([.. SystemInfo("6.18.44", 16384), .. allocated]).GfpOf(0));
        Assert.Equal(GfpFlags.KswapdReclaim | GfpFlags.NoWarn, SampleText.Read([.. SystemInfo("6.1.0", 16384), .. allocated]).GfpOf(0));
        Assert.Contains(SampleText.Read([.. allocated, .. SystemInfo("6.18.44", 16384)]).Notes,
            note => note.Contains("after the first allocations", StringComparison.Ordinal));
    }

    [Fact]
    public void AClockThatTheRecorderDoesNotKnowIsNoTime() =>
        Assert.Equal(TraceClock.Ticks, SampleText.Read(Bundle(0, bundle => bundle.Number(5, 1), Freed(1, 1))).Clock);

    [Theory]
    [InlineData("0a808080808080808080800100", "binary file")]
    [InlineData("0a030b0100", "binary file")]
    [InlineData("0a0208010a0b", "cut off")]
    [InlineData("0a0208010a0180", "do not fit")]
    [InlineData("0a0208010a020b00", "do not fit")]
    [InlineData("0a0208010affffffffffffffffffff01", "do not fit")]
    [InlineData("0a0208010affffffffff01", "a packet is said to have")]
    [InlineData("0a0208010a0492030178", "cannot be unpacked")]
    [InlineData("0a0208010a050a03089020", "CPU 4112 is above")]
    [InlineData("0a0208010a040a021200", "has no time")]
    [InlineData("0a020801", "no events at all")]
    public void BadFilesAreRefused(string bytes, string complaint) =>
        Assert.Contains(complaint, SampleText.Refusal(Convert.FromHexString(bytes)), StringComparison.Ordinal);

    [Fact]
    public void ATextThatBeginsWithAnEmptyLineIsAText() =>
        Assert.Equal("ftrace-text",
            SampleText.Read("", "            init-1       [003] .....     9.316274: mm_page_free: page=1 pfn=0x1 order=0").Format);

    // Names are not in the samples, and times of the two CPUs are often the same.
    private static IEnumerable<string> Lines(Trace trace) =>
        SameRecording.Lines(trace).Select(line => Regex.Replace(line, "Comm = .*? }", "}"))
            .OrderBy(line => line[..(line.IndexOf(']', StringComparison.Ordinal) + 1)], StringComparer.Ordinal);

    private static Action<MessageWriter> Freed(ulong time, int pid) => Event(time, pid, Free, free => free.Number(1, 0).Number(3, 1));
}
