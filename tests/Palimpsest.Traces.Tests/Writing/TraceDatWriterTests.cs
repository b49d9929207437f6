using CsCheck;
using Palimpsest.Traces.Writing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests.Writing;

/// <summary>What is written is what is read, whatever the times, CPUs and numbers.</summary>
public sealed class TraceDatWriterTests
{
    private const string Release = "6.1.0-test";

    private static readonly EventFormat[] _formats =
    [
        new("kmem", "mm_page_free", 500, [new("unsigned long pfn", 8, IsSigned: false), new("unsigned int order", 4, IsSigned: false)],
            "\"pfn=0x%lx order=%d\", REC->pfn, REC->order"),
        new("kmem", "mm_page_pcpu_drain", 501,
            [new("unsigned long pfn", 8, IsSigned: false), new("unsigned int order", 4, IsSigned: false),
                new("int migratetype", 4, IsSigned: true)],
            "\"pfn=0x%lx\", REC->pfn"),
        new("ours", "told", 502, [new("int first", 4, IsSigned: true), new("long second", 8, IsSigned: true)], "\"%d\", REC->first"),
    ];

    private static readonly Gen<Told> _told = Gen.Select(Gen.Int[0, 2], Gen.OneOf(Gen.Long[0, 1000], Gen.Long[0, 1L << 40]), Gen.Int[0, 3],
        Gen.Int[1, 9],
        Gen.Long[0, 1L << 35], Gen.Int[0, 10], (format, delta, cpu, pid, pfn, order) => new Told(format, delta, cpu, pid, pfn, order));

    [Fact]
    public void WhatIsReadIsWhatWasWritten() => Law.Holds(_told.List[1, 400], 60, drawn =>
    {
        // A recording without a freed page is refused.
        List<Told> told = [new(0, 0, 0, 1, 1, 0), .. drawn];
        Trace trace = Read(told);

        Assert.Equal(Lines(told), Enumerable.Range(0, (int)trace.Events.Count).Select(index => Text(trace, trace.Events[index])));
        Assert.Equal(told.Count, trace.EventCount);
        Assert.Equal(0, trace.LostEvents);
        Assert.Equal(Release, trace.KernelRelease);
        Assert.Null(trace.CutOff);
    });

    [Fact]
    public void AHundredThousandEventsFillManyPages()
    {
        Told[] told = [.. Enumerable.Range(0, 100_000)
            .Select(number => new Told(number % 2, 7, number % 3, 1 + (number % 5), number, number % 11))];

        Trace trace = Read(told);

        Assert.Equal(told.Length, trace.Events.Count);
        Assert.Equal(Lines(told).Last(), Text(trace, trace.Events[told.Length - 1]));
    }

    [Fact]
    public void AFormatIsTheTextThatTracefsHas()
    {
        string text = System.Text.Encoding.ASCII.GetString(Written([new Told(2, 0, 0, 1, 5, 0)]));

        Assert.Contains(
            "name: told\nID: 502\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n", text,
                StringComparison.Ordinal);
        // A long lies at a multiple of eight, as in C.
        Assert.Contains("\tfield:int first;\toffset:8;\tsize:4;\tsigned:1;\n\tfield:long "
            + "second;\toffset:16;\tsize:8;\tsigned:1;\n\nprint fmt: \"%d\", REC->first\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEventTooLongForAShortHeadIsRefused()
    {
        EventFormat large = new("ours", "large", 1,
            [.. Enumerable.Range(0, 14).Select(number => new EventField($"long f{number}", 8, IsSigned: true))], "\"\"");

        InputException refusal = Assert.Throws<InputException>(() => new TraceDatWriter([large], Release, cpus: 1));

        Assert.Equal("event large has 120 bytes, more than 112", refusal.Message);
    }

    [Fact]
    public void SubBuffersBeginAtPages()
    {
        byte[] file = Written([new Told(0, 0, 0, 1, 1, 0), new Told(0, 5, 1, 1, 2, 0)]);

        Assert.Equal(0, file.Length % 4096);
        Assert.Equal(2, file.Chunk(4096).Count(page => BitConverter.ToInt64(page, 8) == 24));
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(16384)]
    [InlineData(65536)]
    public void AFileSaysTheSizeOfAPageOfItsMachine(int pageBytes)
    {
        TraceDatWriter writer = new(_formats, Release, cpus: 1, pageBytes);
        for (int at = 0; at < 10_000; at++)
        {
            writer.Add(format: 0, timeNs: at, cpu: 0, pid: 1, [at, 0]);
        }

        MemoryStream file = new();
        writer.WriteTo(file);
        file.Position = 0;
        Trace trace = TraceFile.Read(file, "written");

        Assert.Equal((pageBytes, 10_000), (trace.PageBytes, trace.Events.Count));
    }

    private static Trace Read(IReadOnlyList<Told> told) => TraceFile.Read(new MemoryStream(Written(told)), "written");

    private static byte[] Written(IReadOnlyList<Told> told)
    {
        TraceDatWriter writer = new(_formats, Release, cpus: 4);
        writer.Name(3, "third");
        long time = 0;
        foreach (Told one in told)
        {
            time += one.Delta;
            writer.Add(one.Format, time, one.Cpu, one.Pid, one.Format == 2
                ? [-1, one.Pfn]
                : one.Format == 1
                ? [one.Pfn, one.Order, 1]
                : [one.Pfn, one.Order]);
        }

        MemoryStream file = new();
        writer.WriteTo(file);
        return file.ToArray();
    }

    /// <summary>The events that are kept, by time and CPU.</summary>
    private static IEnumerable<string> Lines(IReadOnlyList<Told> told)
    {
        long time = 0;
        return told.Select(one => (Time: time += one.Delta, One: one)).Where(item => item.One.Format < 2).OrderBy(item => item.Time)
            .ThenBy(item => item.One.Cpu)
            .Select(item => $"{item.Time} {item.One.Cpu} {item.One.Pid} {(item.One.Pid == 3 ? "third" : "<...>")} "
                + $"{(item.One.Format == 0 ? "Free" : "Drain")} {item.One.Pfn:x} {item.One.Order}");
    }

    private static string Text(Trace trace, in TraceEvent item) =>
        $"{item.TimeNs} {item.Cpu} {trace.Tasks[item.Task].Pid} {trace.Tasks[item.Task].Comm} {item.Kind} {item.Pfn.Value:x} {item.Order}";

    private sealed record Told(int Format, long Delta, int Cpu, int Pid, long Pfn, int Order);
}
