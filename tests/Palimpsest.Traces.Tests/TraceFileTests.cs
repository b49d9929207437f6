using System.IO.Compression;
using System.Text;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;
using ZstdSharp;

namespace Palimpsest.Traces.Tests;

/// <summary>Whatever a file is, it is read or refused in one line that says what it is.</summary>
public sealed class TraceFileTests
{
    private const string Line =
        "            init-1       [001] .....     9.316274: mm_page_free: page=000000007e13c42b pfn=0x2fbe48 order=0\n";

    public static readonly TheoryData<string> Compressions = ["gzip", "zstd"];

    internal static byte[] Compress(string compression, byte[] bytes)
    {
        var packed = new MemoryStream();
        using (Stream stream = compression == "gzip"
            ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new CompressionStream(packed, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void CompressedFilesAreReadLikePlainOnes(string compression)
    {
        byte[] packed = Compress(compression, SampleText.Bytes("irqinfo.txt"));
        long consumed = 0;
        Trace trace = TraceFile.Read(new MemoryStream(packed), "sample", new TraceReadOptions { Progress = bytes => consumed = bytes });

        Assert.Equal(SampleText.ReadSample("irqinfo.txt").All(), trace.All());
        Assert.Equal(packed.Length, consumed);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void ATruncatedStreamIsReadUpToTheBreak(string compression)
    {
        // Numbers keep the text from shrinking to nothing.
        string[] lines = [.. Enumerable.Range(0, 30_000)
            .Select(number => Line.Replace("2fbe48", $"{number * 7919 % 0xfffff + 1:x}", StringComparison.Ordinal))];
        byte[] packed = Compress(compression, Encoding.ASCII.GetBytes(string.Concat(lines)));
        Trace trace = SampleText.Read(packed[..(packed.Length * 3 / 4)]);

        Assert.InRange(trace.Events.Count, 1_000, 29_999);
        Assert.Contains(trace.Notes, note => note.Contains($"{compression} stream breaks off", StringComparison.Ordinal)
            && note.Contains($"line {trace.Events.Count}", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void AStreamBrokenAtItsBeginningIsRefused(string compression)
    {
        byte[] packed = Compress(compression, SampleText.Bytes("irqinfo.txt"));

        string message = SampleText.Refusal(packed[..12]);

        Assert.Contains($"the {compression} stream", message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("copy the file again", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATruncatedLastLineIsDropped()
    {
        Trace trace = SampleText.Read(Encoding.ASCII.GetBytes(Line + Line[..^3]));

        Assert.Equal(1, trace.Events.Count);
        Assert.Contains(trace.Notes, note => note.StartsWith("Line 2, the last,", StringComparison.Ordinal));
    }

    [Fact]
    public void LinesMayEndInCarriageReturns()
    {
        Trace trace = SampleText.Read(Encoding.ASCII.GetBytes(Line.Replace("\n", "\r\n", StringComparison.Ordinal)));

        Assert.Equal(0x2fbe48UL, trace.Events[0].Pfn.Value);
    }

    [Theory]
    [InlineData("\x17\x08\x44tracing9\0", "trace.dat of version 9")]
    [InlineData("\x17\x08\x44tracing6\0", "cut off")]
    [InlineData("PERFILE2h\0\0\0", "the file ends inside a number")]
    [InlineData("2ELIFREP\0\0\0\0", "big-endian")]
    [InlineData("PERFILE2\x10\0\0\0\0\0\0\0", "no tracepoint was recorded")]
    [InlineData("\n\x05\x08\0\x10\0\0", "binary file")]
    [InlineData("\x01\x02\0\0junk", "binary file")]
    [InlineData("", "empty")]
    [InlineData("cpus=2\n", "no events at all")]
    [InlineData("some prose\n", "not understood: 1 lines, line 1 first, \"some prose\"")]
    public void OtherFilesAreRefusedByName(string content, string complaint) =>
        Assert.Contains(complaint, SampleText.Refusal(Encoding.Latin1.GetBytes(content)), StringComparison.Ordinal);

    [Theory]
    [InlineData("raw.txt", "option raw or hex")]
    [InlineData("hex.txt", "option raw or hex")]
    public void OtherTextsAreRefusedByName(string sample, string complaint)
    {
        string message = SampleText.Refusal(SampleText.Bytes(sample));

        Assert.Contains(complaint, message, StringComparison.Ordinal);
        Assert.Contains("line ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ATraceWithoutPagesIsRefusedWithWhatItHas()
    {
        const string Head = "            init-1       [001] .....     9.316274: ";
        string message = SampleText.Refusal(Head + "sched_switch: prev_comm=a", Head + "sched_switch: prev_comm=b", Head
            + "mm_page_free_batched: page=1 pfn=0x1 order=0");

        Assert.Contains("sched_switch (2), mm_page_free_batched (1)", message, StringComparison.Ordinal);
        Assert.Contains("record kmem:mm_page_alloc", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(123456)]
    public void ImpossibleCpusAreRefused(int cpu) =>
        Assert.Contains($"line 1: CPU {cpu}", SampleText.Refusal(Line.TrimEnd().Replace("[001]", $"[{cpu}]", StringComparison.Ordinal)),
            StringComparison.Ordinal);

    [Fact]
    public void EndlessLinesAreRefused()
    {
        string message = SampleText.Refusal(Encoding.ASCII.GetBytes(Line + new string('x', 3 << 20)));

        Assert.Contains("line 2: the line is longer than 65536 bytes", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoClocksInOneFileAreRefused() =>
        Assert.Contains("line 2: the time stamp",
            SampleText.Refusal(Line.TrimEnd(), Line.TrimEnd().Replace("9.316274", "9316274", StringComparison.Ordinal)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("no-such-file.txt", "no such file")]
    [InlineData(".", "directory")]
    public void PathsThatCannotBeOpenedAreNamed(string path, string complaint)
    {
        string message = Assert.ThrowsAny<InputException>(() => TraceFile.Read(path)).Message;

        Assert.StartsWith(path + ": ", message, StringComparison.Ordinal);
        Assert.Contains(complaint, message, StringComparison.Ordinal);
    }
}
