using System.Buffers.Binary;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Testing.Corpus;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Corpus;

/// <summary>Inputs that fuzzing kept, since each takes some branch that no other does: all are read or refused in a line.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Readers => [.. InputReaders.All.Keys];

    [Theory]
    [MemberData(nameof(Readers))]
    public void EveryKeptInputIsReadOrRefused(string reader)
    {
        IReadOnlyList<byte[]> inputs = Inputs(reader);

        Assert.NotEmpty(inputs);
        Assert.Empty(inputs.Select(input => Reading.FaultOf(InputReaders.All[reader], input)).OfType<string>());
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public void SomeKeptInputIsReadToItsEnd(string reader) => Assert.Contains(Inputs(reader), input => IsRead(reader, input));

    [Fact]
    public void AReaderThatTrustsAnOffsetIsFound() =>
        Assert.Contains(Inputs("device-tree"), input => Reading.FaultOf(TrustingReader,
            input)?.StartsWith("System.ArgumentOutOfRangeException", StringComparison.Ordinal) == true);

    [Fact]
    public void AReaderThatTrustsALengthIsFound() =>
        Assert.Contains("bytes of memory", Reading.FaultOf(_ => GC.KeepAlive(new byte[Reading.MostBytes + 1]), [1]),
            StringComparison.Ordinal);

    [Fact]
    public void ARefusalWithoutEndIsFound() =>
        Assert.StartsWith("the refusal is no line", Reading.FaultOf(input => throw new InputException(new string('x', 2000)), []),
            StringComparison.Ordinal);

    [Fact]
    public void ARefusalQuotesNoControlCharacter()
    {
        const string Hostile = "\u001b[2J\r\n\u009b";
        Assert.Equal("at ?[2J???", new InputException("at " + Hostile).Message);
        Assert.Equal("at ?[2J???", new ScheduleFormatException("at " + Hostile).Message);
    }

    // What a tree says of itself is taken for true, but for the magic.
    private static void TrustingReader(byte[] input)
    {
        if (input.Length >= 12 && BinaryPrimitives.ReadUInt32BigEndian(input) == 0xd00dfeed)
        {
            _ = input.AsSpan(BinaryPrimitives.ReadInt32BigEndian(input.AsSpan(8)), 4)[0];
        }
    }

    private static bool IsRead(string reader, byte[] input)
    {
        try
        {
            InputReaders.All[reader](input);
            return true;
        }
        catch (Exception exception) when (exception is InputException or ScheduleFormatException)
        {
            return false;
        }
    }

    private static IReadOnlyList<byte[]> Inputs(string reader) =>
        KeptInputs.Read(Path.Combine(AppContext.BaseDirectory, "Corpus", reader + ".tar.zst"));
}
