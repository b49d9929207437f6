using System.Buffers.Binary;

namespace Palimpsest.Lab.Traces.Perfetto;

/// <summary>How a field of a message is written (protobuf.dev/programming-guides/encoding); groups, 3 and 4, are not used.</summary>
internal enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Reads the fields of a protobuf message one after the other.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private const int LongestVarint = 10;

    private readonly ReadOnlySpan<byte> _message = message;
    private int _at;

    /// <summary>Number of the current field.</summary>
    public uint Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>Value of a field that is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Value of a field that is bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Did reading end because a field does not fit into the message, or is of no known type?</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Goes to the next field; false after the last, and where the message is broken.</summary>
    public bool TryNext()
    {
        if (_at == _message.Length)
        {
            return false;
        }

        if (!TryVarint(out ulong tag) || tag >> 3 is 0 or > uint.MaxValue >> 3)
        {
            return Break();
        }

        Field = (uint)(tag >> 3);
        Type = (WireType)(tag & 7);
        Number = 0;
        switch (Type)
        {
            case WireType.Varint:
                bool isRead = TryVarint(out ulong number);
                Number = number;
                return isRead || Break();
            case WireType.Bytes:
                return (TryVarint(out ulong length) && TryTake(length)) || Break();
            case WireType.Fixed64 when TryTake(sizeof(ulong)):
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Bytes);
                return true;
            case WireType.Fixed32 when TryTake(sizeof(uint)):
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Bytes);
                return true;
            default:
                return Break();
        }
    }

    /// <summary>Reads numbers that follow each other without tags: a packed field.</summary>
    public bool TryPacked(out ulong number)
    {
        number = 0;
        return _at < _message.Length && (TryVarint(out number) || Break());
    }

    /// <summary>Reads a number of at most 64 bits, 7 to a byte; its length, or 0 if there is no whole one at the start of <paramref name="bytes"/>.</summary>
    public static int Varint(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int at = 0; at < bytes.Length && at < LongestVarint; at++)
        {
            value |= (ulong)(bytes[at] & 0x7f) << (7 * at);
            if (bytes[at] < 0x80)
            {
                return at + 1;
            }
        }

        return 0;
    }

    /// <summary>Can the start of <paramref name="bytes"/> be no number, whatever follows?</summary>
    public static bool IsNoVarint(ReadOnlySpan<byte> bytes) => bytes.Length >= LongestVarint && Varint(bytes, out _) == 0;

    private bool TryVarint(out ulong value)
    {
        if (_at < _message.Length && _message[_at] < 0x80)
        {
            value = _message[_at++];
            return true;
        }

        int length = Varint(_message[_at..], out value);
        _at += length;
        return length > 0;
    }

    private bool TryTake(ulong length)
    {
        if (length > (ulong)(_message.Length - _at))
        {
            return false;
        }

        Bytes = _message.Slice(_at, (int)length);
        _at += (int)length;
        return true;
    }

    private bool Break()
    {
        _at = _message.Length;
        IsBroken = true;
        return false;
    }
}
