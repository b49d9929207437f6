using System.IO.Compression;
using System.Text;
using CsCheck;
using Palimpsest.Testing.Recordings;

namespace Palimpsest.Traces.Tests;

/// <summary>What Android's atrace and systrace wrap around a text changes nothing of what it says.</summary>
public sealed class AtraceTests
{
    private const string Open = "<script class=\"trace-data\" type=\"application/text\">";

    private static readonly string[] _samples = ["irqinfo.txt", "tgid.txt", "noirq.txt", "pipe.txt"];

    private static readonly Gen<string> _page = Gen.Frequency(
        (3, Gen.OneOf("<p>", "\n", "<scrip", "</script", "trace-data", "<script src='x'>", "</script>", Open
            + "\nUSER PID\nroot 1\n  </script>", Open + "{\"a\":1}</script>")),
        (1, Gen.Int[0, 200_000].Select(length => $"<script>{new string('x', length)}</script>")));

    [Fact]
    public void APageSaysWhatItsTextSays() =>
        FixedDraws.Of(Gen.Select(Gen.OneOf(_samples), Gen.OneOf("<!DOCTYPE html>\n<html>", "\n<HTML lang=en>"), _page.Array[0, 6],
            _page.Array[0, 6], Gen.OneOf("\n", ""), Gen.Int[1, 5000]), 100, drawn =>
        {
            byte[] text = SampleText.Bytes(drawn.Item1);
            string before = string.Concat(drawn.Item3) + "<script></script>";
            byte[] page = [.. Encoding.Latin1.GetBytes($"{drawn.Item2}{before}{Open}{drawn.Item5}"), .. text,
                .. Encoding.Latin1.GetBytes($"  </script>{string.Concat(drawn.Item4)}")];
            Trace trace = TraceFile.Read(new SlowStream(page, drawn.Item6), "sample");

            AssertSame("systrace-html", SampleText.Read(text), trace);
        });

    [Fact]
    public void EveryBlockWithATextIsRead()
    {
        string text = Encoding.UTF8.GetString(SampleText.Bytes("noirq.txt")).TrimEnd();
        int half = text.IndexOf('\n', text.Length / 2);
        Trace trace = SampleText.Read($"<html>{Open}{text[..half]}</script>{Open}\n{text[(half + 1)..]}</script>");

        AssertSame("systrace-html", SampleText.ReadSample("noirq.txt"), trace);
    }

    // The end of the trace falls on every place of a piece that is read at once, and so on where two meet.
    [Fact]
    public void ThePiecesInWhichAPageIsReadDoNotMatter()
    {
        const string Line = "            init-1       [001] .....     9.316274: mm_page_free: page=000000007e13c42b pfn=0x2fbe48 order=0\n";
        for (int filler = 0; filler < 8000; filler += 5)
        {
            string text = Line + "#" + new string('x', 32_000) + "\n#" + new string('x', 30_000 + filler) + "\n" + Line;
            Trace trace = TraceFile.Read(new SlowStream(Encoding.ASCII.GetBytes($"<html>{Open}{text}</script>"), 1000), "sample");

            Assert.Equal((2, null), (trace.Events.Count, trace.CutOff));
            Assert.DoesNotContain(trace.Notes, note => note.Contains("passed over", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void APageThatEndsInsideItsTraceWasCutOff() =>
        Assert.Contains("ends inside its trace", SampleText.Read([.. Encoding.ASCII.GetBytes("<html>" + Open),
            .. SampleText.Bytes("noirq.txt")]).CutOff, StringComparison.Ordinal);

    [Fact]
    public void APageWithoutATraceIsRefused() =>
        Assert.Contains("no script element of class trace-data",
            SampleText.Refusal("<!doctype html><script>1</script>", Open + "nothing</script>"), StringComparison.Ordinal);

    [Theory]
    [InlineData("TRACE:\n")]
    [InlineData("capturing trace... done\nTRACE:\n")]
    [InlineData("capturing trace... done\r\nTRACE:\r\n")]
    public void ACompressedTraceSaysWhatItsTextSays(string header)
    {
        foreach (string sample in _samples)
        {
            AssertSame("ctrace", SampleText.ReadSample(sample), SampleText.Read(Ctrace(header, SampleText.Bytes(sample))));
            AssertSame("ftrace-text", SampleText.ReadSample(sample),
                SampleText.Read([.. Encoding.ASCII.GetBytes(header), .. SampleText.Bytes(sample)]));
        }
    }

    [Fact]
    public void ACompressedTraceThatBreaksOffIsSaidTo()
    {
        byte[] packed = Ctrace("TRACE:\n", SampleText.Bytes("irqinfo.txt"));

        Assert.Contains("zlib stream breaks off", SampleText.Read(packed[..^200]).CutOff, StringComparison.Ordinal);
    }

    [Fact]
    public void DamagedFilesAreReadOrRefused()
    {
        byte[] text = SampleText.Bytes("irqinfo.txt");
        TraceDatLaws.ReadOrRefuse([Ctrace("TRACE:\n", text), [.. Encoding.ASCII.GetBytes("<html>" + Open), .. text, .. "</script>"u8]],
            600);
    }

    private static byte[] Ctrace(string header, byte[] text)
    {
        var packed = new MemoryStream();
        packed.Write(Encoding.ASCII.GetBytes(header));
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(text);
        }

        return packed.ToArray();
    }

    private static void AssertSame(string format, Trace expected, Trace actual)
    {
        Assert.Equal(format, actual.Format);
        SameRecording.Assert(expected, actual);
        Assert.Equal(expected.Notes, actual.Notes);
        Assert.Null(actual.CutOff);
    }

    /// <summary>Gives few bytes at once, as a pipe does.</summary>
    private sealed class SlowStream(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
    }
}
