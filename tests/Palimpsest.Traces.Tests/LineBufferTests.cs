using System.Text;
using CsCheck;
using Palimpsest.Traces.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>A text is cut into the lines that it has, wherever reads end.</summary>
public sealed class LineBufferTests
{
    private static (List<string> Lines, LineBuffer Buffer) Cut(byte[] bytes, int mostAtOnce = int.MaxValue)
    {
        LineBuffer buffer = new(new TraceInput(new Trickle(bytes, mostAtOnce), "trace.txt", progress: null));
        List<string> lines = [];
        while (buffer.TryNext(out ReadOnlySpan<byte> line))
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }

        return (lines, buffer);
    }

    [Fact]
    public void LinesAreTheSameHoweverTheBytesArrive() =>
        Law.Holds(Gen.Select(Gen.Char['a', 'd'].Array[0, 30].Array[0, 40], Gen.Int[1, 50]), 200, drawn =>
    {
        string[] lines = [.. drawn.Item1.Select(letters => new string(letters))];
        byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

        Assert.Equal(lines, Cut(bytes, drawn.Item2).Lines);
    });

    [Fact]
    public void ALineWithoutItsEndIsNotALine()
    {
        (List<string> lines, LineBuffer buffer) = Cut("whole\ncut o"u8.ToArray());

        Assert.Equal(["whole"], lines);
        Assert.Equal(5, buffer.UnfinishedBytes);
        Assert.Equal(1, buffer.Position.Line);
    }

    [Fact]
    public void MoreThanABufferIsReadInPieces()
    {
        string[] lines = [.. Enumerable.Range(0, 60_000).Select(number => $"line {number} {new string('x', number % 50)}")];

        Assert.Equal(lines, Cut(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")).Lines);
    }

    [Fact]
    public void ALineThatNoTraceHasIsRefusedWithItsNumber()
    {
        byte[] bytes = [.. "short\n"u8, .. Enumerable.Repeat((byte)'x', LineBuffer.LongestLine + 1), (byte)'\n'];

        Assert.StartsWith("trace.txt: line 2: the line is longer than 65536 bytes",
            Assert.Throws<InputException>(() => Cut(bytes)).Message, StringComparison.Ordinal);
        Assert.StartsWith("trace.txt: line 1: ", Assert.Throws<InputException>(() => Cut(new byte[3 << 20])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheBeginningCanBeSeenBeforeItIsTaken()
    {
        LineBuffer buffer = new(new TraceInput(new Trickle([.. "# tracer: nop\n"u8, .. new byte[8_000]], 3), "trace.txt", progress: null));

        Assert.True(buffer.Peek().StartsWith("# tracer"u8));
        Assert.InRange(buffer.Peek().Length, 4_096, 4_096);
        Assert.True(buffer.TryNext(out ReadOnlySpan<byte> line));
        Assert.Equal("# tracer: nop", Encoding.UTF8.GetString(line));
    }

    /// <summary>Gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
