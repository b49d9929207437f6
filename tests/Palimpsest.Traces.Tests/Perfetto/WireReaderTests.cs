using CsCheck;
using Palimpsest.Traces.Perfetto;

namespace Palimpsest.Traces.Tests.Perfetto;

/// <summary>Messages are read as protobuf writes them, and a broken one ends where it breaks.</summary>
public sealed class WireReaderTests
{
    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }

    [Fact]
    public void ANumberOfAnyLengthIsReadBackWhateverFollows() =>
        Law.Holds(Gen.Select(Gen.ULong, Gen.Int[0, 64], Gen.Byte.Array[0, 12]), 2000, drawn =>
    {
        ulong value = drawn.Item2 == 64 ? 0 : drawn.Item1 >> drawn.Item2;
        byte[] bytes = Varint(value);

        Assert.Equal(bytes.Length, WireReader.Varint([.. bytes, .. drawn.Item3], out ulong read));
        Assert.Equal(value, read);
        Assert.Equal(0, WireReader.Varint(bytes.AsSpan(0, bytes.Length - 1), out _));
    });

    [Fact]
    public void ElevenBytesAreNoNumber()
    {
        byte[] endless = [.. Enumerable.Repeat((byte)0xff, 11)];

        Assert.Equal(0, WireReader.Varint(endless, out _));
        Assert.True(WireReader.IsNoVarint(endless));
        Assert.False(WireReader.IsNoVarint(endless.AsSpan(0, 9)));
    }

    [Fact]
    public void FieldsComeInTheirOrderWithTheirTypes()
    {
        WireReader reader = new([0x08, 0x96, 0x01, 0x12, 0x02, 0x41, 0x42, 0x1d, 1, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0, 0, 0]);

        Assert.True(reader.TryNext());
        Assert.Equal((1u, WireType.Varint, 150UL), (reader.Field, reader.Type, reader.Number));
        Assert.True(reader.TryNext());
        Assert.Equal((2u, WireType.Bytes, 0UL), (reader.Field, reader.Type, reader.Number));
        Assert.Equal("AB"u8.ToArray(), reader.Bytes.ToArray());
        Assert.True(reader.TryNext());
        Assert.Equal((3u, WireType.Fixed32, 1UL), (reader.Field, reader.Type, reader.Number));
        Assert.True(reader.TryNext());
        Assert.Equal((4u, WireType.Fixed64, 2UL), (reader.Field, reader.Type, reader.Number));
        Assert.False(reader.TryNext());
        Assert.False(reader.IsBroken);
    }

    [Fact]
    public void PackedNumbersFollowEachOtherWithoutTags()
    {
        WireReader reader = new([0x01, 0x96, 0x01, 0x00]);
        List<ulong> numbers = [];
        while (reader.TryPacked(out ulong number))
        {
            numbers.Add(number);
        }

        Assert.Equal([1, 150, 0], numbers);
        Assert.False(reader.IsBroken);
    }

    [Theory]
    [InlineData("0001")]
    [InlineData("08")]
    [InlineData("0880")]
    [InlineData("120541")]
    [InlineData("0b")]
    [InlineData("0f01")]
    [InlineData("1d000000")]
    [InlineData("2100000000000000")]
    public void AFieldThatDoesNotFitBreaksTheMessageForGood(string message)
    {
        WireReader reader = new(Convert.FromHexString(message));

        Assert.False(reader.TryNext());
        Assert.True(reader.IsBroken);
        Assert.False(reader.TryNext());
    }

    [Fact]
    public void NoMessageIsReadBeyondItsEnd() => Law.Holds(Gen.Byte.Array[0, 40], 2000, message =>
    {
        WireReader reader = new(message);
        int fields = 0;
        while (reader.TryNext())
        {
            fields++;
            Assert.InRange(reader.Field, 1u, uint.MaxValue >> 3);
        }

        Assert.InRange(fields, 0, message.Length);
    });
}
