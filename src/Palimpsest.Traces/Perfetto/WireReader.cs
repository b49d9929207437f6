using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Palimpsest.Traces.Perfetto;

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

    // The highest bit of each byte of a number but its last is set.
    private const ulong EndOfNumber = 0x8080808080808080;

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
        ReadOnlySpan<byte> message = _message;
        int at = _at;
        if (at == message.Length)
        {
            return false;
        }

        if (!TryVarint(message, ref at, out ulong tag) || tag >> 3 is 0 or > uint.MaxValue >> 3)
        {
            return Break();
        }

        Field = (uint)(tag >> 3);
        Type = (WireType)(tag & 7);
        bool isVarint = Type is WireType.Varint or WireType.Bytes;
        if (isVarint ? !TryVarint(message, ref at, out ulong number) : !TryFixed(message, ref at, Type, out number))
        {
            return Break();
        }

        Number = number;
        if (Type == WireType.Bytes)
        {
            if (number > (ulong)(message.Length - at))
            {
                return Break();
            }

            Number = 0;
            Bytes = message.Slice(at, (int)number);
            at += (int)number;
        }

        _at = at;
        return true;
    }

    /// <summary>Reads numbers that follow each other without tags: a packed field.</summary>
    public bool TryPacked(out ulong number)
    {
        number = 0;
        return _at < _message.Length && (TryVarint(_message, ref _at, out number) || Break());
    }

    /// <summary>
    /// Reads a number of at most 64 bits, 7 to a byte; its length, or 0 if there is no whole one at the start of <paramref name="bytes"/>.
    /// </summary>
    public static int Varint(ReadOnlySpan<byte> bytes, out ulong value)
    {
        if (bytes.Length >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            ulong ends = ~word & EndOfNumber;
            if (ends != 0)
            {
                value = Join(word & (ends ^ (ends - 1)));
                return (BitOperations.TrailingZeroCount(ends) + 1) / 8;
            }
        }

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryVarint(ReadOnlySpan<byte> message, ref int at, out ulong value)
    {
        if (at < message.Length && message[at] < 0x80)
        {
            value = message[at++];
            return true;
        }

        int length = Varint(message[at..], out value);
        at += length;
        return length > 0;
    }

    private static bool TryFixed(ReadOnlySpan<byte> message, ref int at, WireType type, out ulong number)
    {
        number = 0;
        int size = type == WireType.Fixed64 ? sizeof(ulong) : type == WireType.Fixed32 ? sizeof(uint) : 0;
        if (size == 0 || size > message.Length - at)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = message.Slice(at, size);
        number = size == sizeof(uint) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        at += size;
        return true;
    }

    // Eight groups of 7 bits become one number: pairs of groups, then pairs of pairs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(ulong groups)
    {
        groups = (groups & 0x007f007f007f007f) | ((groups & 0x7f007f007f007f00) >> 1);
        groups = (groups & 0x00003fff00003fff) | ((groups & 0x3fff00003fff0000) >> 2);
        return (groups & 0x0fffffff) | ((groups & 0x0fffffff00000000) >> 4);
    }

    private bool Break()
    {
        _at = _message.Length;
        IsBroken = true;
        return false;
    }
}
