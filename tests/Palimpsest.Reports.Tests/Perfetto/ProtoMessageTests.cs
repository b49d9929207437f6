using Palimpsest.Reports.Perfetto;

namespace Palimpsest.Reports.Tests.Perfetto;

/// <summary>Bytes as the encoding of protocol buffers has them: a key of field and wire type, then the value.</summary>
public sealed class ProtoMessageTests
{
    private static string Bytes(ProtoMessage message)
    {
        using MemoryStream stream = new();
        message.WriteTo(stream);
        return Convert.ToHexStringLower(stream.ToArray());
    }

    // The first is the example of the encoding's own document.
    [Theory]
    [InlineData(1, 150UL, "089601")]
    [InlineData(1, 0UL, "0800")]
    [InlineData(2, 127UL, "107f")]
    [InlineData(2, 128UL, "108001")]
    [InlineData(16, 1UL, "800101")]
    [InlineData(1, ulong.MaxValue, "08ffffffffffffffffff01")]
    public void ANumberIsAVarintOfSevenBitsAByte(int field, ulong value, string expected) =>
        Assert.Equal(expected, Bytes(new ProtoMessage().Number(field, value)));

    [Fact]
    public void ADoubleIsEightBytesTheLeastFirst() => Assert.Equal("19000000000000f03f", Bytes(new ProtoMessage().Double(3, 1.0)));

    [Theory]
    [InlineData("testing", "120774657374696e67")]
    [InlineData("", "1200")]
    [InlineData("µ", "1202c2b5")]
    public void ATextIsUtf8BehindItsLengthInBytes(string text, string expected) =>
        Assert.Equal(expected, Bytes(new ProtoMessage().Text(2, text)));

    [Fact]
    public void AMessageInAnotherIsItsBytesBehindTheirLength() =>
        Assert.Equal("1a03089601", Bytes(new ProtoMessage().Message(3, new ProtoMessage().Number(1, 150))));

    [Fact]
    public void ALongMessageHasALengthOfTwoBytes()
    {
        string bytes = Bytes(new ProtoMessage().Text(1, new string('x', 300)));

        Assert.StartsWith("0aac02", bytes, StringComparison.Ordinal);
        Assert.Equal(2 * (3 + 300), bytes.Length);
    }

    [Fact]
    public void FieldsStandInTheOrderWritten() =>
        Assert.Equal("10050801", Bytes(new ProtoMessage().Number(2, 5).Number(1, 1)));
}
