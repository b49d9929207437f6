using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Tests;

/// <summary>Binary recordings are read number by number; where the file ends is told by its place, and no length is trusted.</summary>
public sealed class CursorTests
{
    private static ByteCursor Over(byte[] bytes, long offset = 0) => new(new RandomBytes(new MemoryStream(bytes), "trace.dat"), offset);

    [Fact]
    public void NumbersAreLittleEndianAndFollowEachOther()
    {
        ByteCursor cursor = Over([1, 2, 1, 4, 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1]);

        Assert.Equal(1, cursor.Byte());
        Assert.Equal(0x0102, cursor.UInt16());
        Assert.Equal(0x01020304u, cursor.UInt32());
        Assert.Equal(0x0102030405060708UL, cursor.UInt64());
        Assert.Equal((15, 0), (cursor.Offset, cursor.Remaining));
    }

    [Fact]
    public void ANumberMayLieAcrossTheBufferAndAnyPlaceMayBeNext()
    {
        byte[] bytes = new byte[10_000];
        bytes[4094] = 0x34;
        bytes[4095] = 0x12;
        bytes[9_998] = 7;
        ByteCursor cursor = Over(bytes, 4093);

        Assert.Equal(0x00123400u, cursor.UInt32());
        cursor.Offset = 9_998;
        Assert.Equal(7, cursor.UInt16());
        cursor.Offset = 4_094;
        Assert.Equal(0x1234, cursor.UInt16());
    }

    [Fact]
    public void ANameEndsAtItsZero()
    {
        ByteCursor cursor = Over([.. "kmem"u8, 0, 9]);

        Assert.Equal("kmem", cursor.Name("a system"));
        Assert.Equal(9, cursor.Byte());
    }

    [Fact]
    public void ANameWithoutAnEndIsRefused() =>
        Assert.Contains("a system is longer than 1024 bytes",
            Assert.Throws<InputException>(() => Over([.. Enumerable.Repeat((byte)'x', 2000)]).Name("a system")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void ABlockOfAnAbsurdLengthIsRefusedBeforeItIsRead()
    {
        Assert.Contains("is said to have 4294967296 bytes, more than 16", Message(cursor => cursor.Block(1UL << 32, 16, "a table")),
            StringComparison.Ordinal);
        Assert.Contains("the file ends inside a table", Message(cursor => cursor.Block(9, 16, "a table")), StringComparison.Ordinal);
        Assert.Contains("the file ends inside a table", Message(cursor => cursor.Skip(ulong.MaxValue >> 1, "a table")),
            StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], Over([1, 2, 3, 4]).Block(3, 16, "a table"));
    }

    [Fact]
    public void APlaceBehindTheEndIsRefused()
    {
        Assert.Equal(8, Over([8, 0, 0, 0, 0, 0, 0, 0]).Place("an option"));
        Assert.Contains("an option is said to be at byte 9, after the end",
            Assert.Throws<InputException>(() => Over([9, 0, 0, 0, 0, 0, 0, 0]).Place("an option")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheEndIsToldByItsPlace() => Assert.Equal(
        "trace.dat: byte 2: the file ends inside a number; it was cut off, copy it again",
            Assert.Throws<InputException>(() => Over([0, 0, 1], offset: 2).UInt32()).Message);

    [Fact]
    public void ARecordingThatBeginsInTheMidstOfAStreamHasItsOwnPlaces()
    {
        MemoryStream stream = new([9, 9, 1, 2, 3]) { Position = 2 };
        using RandomBytes bytes = new(stream, "trace.dat");
        byte[] read = new byte[8];

        Assert.Equal(3, bytes.Length);
        Assert.Equal(2, bytes.ReadUpTo(1, read));
        Assert.Equal([2, 3], read[..2]);
        Assert.Equal(0, bytes.ReadUpTo(3, read));
        Assert.Equal(0, bytes.ReadUpTo(-1, read));
    }

    private static string Message(Action<ByteCursor> act) => Assert.Throws<InputException>(() => act(Over([1, 2, 3, 4]))).Message;
}
