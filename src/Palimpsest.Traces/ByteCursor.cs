using System.Buffers.Binary;
using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>Reads little-endian numbers and texts of a binary recording one after the other, and throws where the file ends.</summary>
internal sealed class ByteCursor(RandomBytes bytes, long offset)
{
    private const int LongestName = 1024;

    private readonly byte[] _buffer = new byte[4096];
    private long _bufferStart = -1;
    private int _buffered;

    public RandomBytes Bytes { get; } = bytes;

    public long Offset { get; set; } = offset;

    public long Remaining => Bytes.Length - Offset;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>A place in the file.</summary>
    public long Place(string what)
    {
        ulong place = UInt64();
        return place <= (ulong)Bytes.Length
            ? (long)place
            : throw Error($"{what} is said to be at byte {place}, after the end of the file; it was cut off or is damaged, copy it again");
    }

    /// <summary>Text up to a zero byte.</summary>
    public string Name(string what)
    {
        Span<byte> text = stackalloc byte[LongestName];
        for (int length = 0; length < LongestName; length++)
        {
            text[length] = Byte();
            if (text[length] == 0)
            {
                return Encoding.UTF8.GetString(text[..length]);
            }
        }

        throw Error($"{what} is longer than {LongestName} bytes; the file is damaged, copy it again");
    }

    /// <summary>A block of bytes whose length the file gives.</summary>
    /// <param name="most">No sane file has more.</param>
    public byte[] Block(ulong length, int most, string what)
    {
        RequireSize(length, (ulong)most, what);
        byte[] block = GC.AllocateUninitializedArray<byte>((int)length);
        if (Bytes.ReadUpTo(Offset, block) < block.Length)
        {
            throw Ends(what);
        }

        Offset += block.Length;
        return block;
    }

    public void Skip(ulong length, string what)
    {
        RequireSize(length, long.MaxValue, what);
        Offset += (long)length;
    }

    public InputException Error(string whatAndWhatToDo) => Bytes.Error(Offset, whatAndWhatToDo);

    private void RequireSize(ulong length, ulong most, string what)
    {
        if (length > most)
        {
            throw Error($"{what} is said to have {length} bytes, more than {most}; the file is damaged, copy it again");
        }

        if (length > (ulong)Math.Max(Remaining, 0))
        {
            throw Ends(what);
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_bufferStart < 0 || Offset < _bufferStart || Offset + count > _bufferStart + _buffered)
        {
            _bufferStart = Offset;
            _buffered = Bytes.ReadUpTo(Offset, _buffer);
        }

        if (_buffered - (Offset - _bufferStart) < count)
        {
            throw Ends("a number");
        }

        ReadOnlySpan<byte> taken = _buffer.AsSpan((int)(Offset - _bufferStart), count);
        Offset += count;
        return taken;
    }

    private InputException Ends(string what) => Error($"the file ends inside {what}; it was cut off, copy it again");
}
