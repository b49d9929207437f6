using System.Globalization;
using System.Text;
using CsCheck;
using Palimpsest.Testing;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>A text out of the order of time is put into it, or refused by its line; it is never read as it stands.</summary>
public sealed class TextOrderTests
{
    private static readonly string[] InOrder = [.. Enumerable.Range(0, 40).Select(number => Line(number, number % 3, number))];

    [Fact]
    public void FilesOfCpusOneAfterAnotherAreReadAsTheirRecording()
    {
        string[] split = [.. Enumerable.Range(0, 3).SelectMany(cpu => InOrder.Where((_, number) => number % 3 == cpu).Prepend(Head(14)))];
        Trace trace = SampleText.Read(split);

        Assert.Equal(SampleText.Read(InOrder).All(), trace.All());
        Assert.Contains(trace.Notes, note => note.Contains("line 17 for the first time", StringComparison.Ordinal));
    }

    [Fact]
    public void HeadsOfSeveralFilesPromiseTheirSum()
    {
        string[] split =
            [Head(20), .. InOrder.Where((_, number) => number % 2 == 0), Head(20), .. InOrder.Where((_, number) => number % 2 == 1)];

        Assert.DoesNotContain(SampleText.Read([.. split.Select((line, at) => OnCpu(line, at <= 20 ? 0 : 1))]).Notes,
            note => note.Contains("promises", StringComparison.Ordinal));
        Assert.Contains(SampleText.Read([Head(21), Head(20), .. InOrder]).Notes,
            note => note.Contains("promises 41 entries, the file has 40", StringComparison.Ordinal));
    }

    [Fact]
    public void HoweverTheCpusAreInterleavedTheOrderIsTheRecordings() => Law.Holds(
        Gen.Int[0, 3].Array[2, 60], 400,
        cpus =>
        {
            string[] lines = [.. cpus.Select((cpu, number) => Line(number, cpu, number))];
            string[] split = [.. Enumerable.Range(0, lines.Length).OrderByDescending(at => cpus[at]).Select(at => lines[at])];
            Assert.Equal(SampleText.Read(lines).All(), SampleText.Read(split).All());
        });

    [Fact]
    public void EventsOfOneTimeStayInTheOrderOfTheFile()
    {
        Trace trace = SampleText.Read(Line(5, 0, 1), Line(9, 0, 2), Line(5, 1, 3), Line(9, 1, 4));

        Assert.Equal([1UL, 3, 2, 4], trace.All().Select(item => item.Pfn.Value));
    }

    [Fact]
    public void TimeThatGoesBackOnOneCpuIsRefusedByItsLine()
    {
        string message = SampleText.Refusal(Line(900, 0, 1), Line(901, 1, 2), Line(100, 0, 3));

        Assert.Contains("line 3: time goes back on CPU 0, from 100.900000 to 100.100000", message, StringComparison.Ordinal);
        Assert.Contains("give one at a time", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACorrectionOfTheClockKeepsTheOrderOfItsCpu()
    {
        Trace trace = SampleText.Read(Line(10, 0, 1), Line(12, 0, 2), Line(11, 0, 3), Line(13, 1, 4));

        Assert.Equal([1UL, 2, 3, 4], trace.All().Select(item => item.Pfn.Value));
    }

    [Fact]
    public void ASinkHearsThatWhatItWasToldIsVoid()
    {
        List<ulong> told = [];
        TraceReadOptions options = new()
        {
            Sink = (events, _) =>
            {
                foreach (TraceEvent item in events)
                {
                    told.Add(item.Pfn.Value);
                }
            },
            Again = told.Clear,
        };
        TraceFile.Read(new MemoryStream(Bytes(Line(2, 0, 7), Line(1, 1, 8))), "sample", options);

        Assert.Equal([8UL, 7], told);
    }

    [Fact]
    public void APipeCannotBeReadTwiceAndSaysSo()
    {
        using PipedText pipe = new(Bytes(Line(2, 0, 7), Line(1, 1, 8)));
        string message = Assert.Throws<TimeGoesBackException>(() => TraceFile.Read(pipe, "standard input")).Message;

        Assert.StartsWith("standard input: line 2: time goes back", message, StringComparison.Ordinal);
        Assert.Contains("give the text as a file", message, StringComparison.Ordinal);
    }

    [Fact]
    public void CompressedTextsAreReadAgainToo()
    {
        byte[] packed = TraceFileTests.Compress("gzip", Bytes(Line(2, 0, 7), Line(1, 1, 8)));

        Assert.Equal([8UL, 7], SampleText.Read(packed).All().Select(item => item.Pfn.Value));
    }

    [Fact]
    public void AWindowOfTimeIsThatOfTheOrderedEvents()
    {
        TraceReadOptions options = new() { Filter = new TraceFilter { FromNs = 1_000_000, ToNs = 2_000_000 } };
        Trace trace = TraceFile.Read(new MemoryStream(Bytes(Line(3, 0, 3), Line(4, 0, 4), Line(1, 1, 1), Line(2, 1, 2))), "text", options);

        Assert.Equal([2UL, 3], trace.All().Select(item => item.Pfn.Value));
    }

    private static string Head(int entries) => $"# entries-in-buffer/entries-written: {entries}/{entries}   #P:3";

    private static string Line(int milliseconds, int cpu, int pfn) => string.Create(
        CultureInfo.InvariantCulture,
        $"            init-1       [{cpu:d3}] .....   100.{milliseconds:d3}000: mm_page_free: page=000000001 pfn=0x{pfn:x} order=0");

    private static string OnCpu(string line, int cpu) => line.Replace("[001]", $"[00{cpu}]", StringComparison.Ordinal)
        .Replace("[000]", $"[00{cpu}]", StringComparison.Ordinal).Replace("[002]", $"[00{cpu}]", StringComparison.Ordinal);

    private static byte[] Bytes(params string[] lines) => Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private sealed class PipedText(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
