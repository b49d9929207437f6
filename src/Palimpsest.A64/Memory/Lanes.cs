using System.Runtime.CompilerServices;

namespace Palimpsest.A64.Memory;

/// <summary>What a load or store of one register moves.</summary>
internal unsafe interface ILane
{
    static abstract int Bytes { get; }

    /// <returns>The value as the register gets it.</returns>
    static abstract ulong Load(byte* place);

    static abstract void Store(byte* place, ulong value);
}

internal readonly unsafe struct Byte : ILane
{
    public static int Bytes => 1;

    public static ulong Load(byte* place) => *place;

    public static void Store(byte* place, ulong value) => *place = (byte)value;
}

internal readonly unsafe struct Half : ILane
{
    public static int Bytes => 2;

    public static ulong Load(byte* place) => Unsafe.ReadUnaligned<ushort>(place);

    public static void Store(byte* place, ulong value) => Unsafe.WriteUnaligned(place, (ushort)value);
}

internal readonly unsafe struct Word : ILane
{
    public static int Bytes => 4;

    public static ulong Load(byte* place) => Unsafe.ReadUnaligned<uint>(place);

    public static void Store(byte* place, ulong value) => Unsafe.WriteUnaligned(place, (uint)value);
}

internal readonly unsafe struct Double : ILane
{
    public static int Bytes => 8;

    public static ulong Load(byte* place) => Unsafe.ReadUnaligned<ulong>(place);

    public static void Store(byte* place, ulong value) => Unsafe.WriteUnaligned(place, value);
}

/// <summary>LDRSB to 64 bits, and so on; those to 32 bits have their upper half clear.</summary>
internal readonly unsafe struct SignedByte : ILane
{
    public static int Bytes => 1;

    public static ulong Load(byte* place) => (ulong)(sbyte)*place;

    public static void Store(byte* place, ulong value) => *place = (byte)value;
}

internal readonly unsafe struct SignedHalf : ILane
{
    public static int Bytes => 2;

    public static ulong Load(byte* place) => (ulong)Unsafe.ReadUnaligned<short>(place);

    public static void Store(byte* place, ulong value) => Unsafe.WriteUnaligned(place, (ushort)value);
}

internal readonly unsafe struct SignedWord : ILane
{
    public static int Bytes => 4;

    public static ulong Load(byte* place) => (ulong)Unsafe.ReadUnaligned<int>(place);

    public static void Store(byte* place, ulong value) => Unsafe.WriteUnaligned(place, (uint)value);
}

internal readonly unsafe struct SignedByteToWord : ILane
{
    public static int Bytes => 1;

    public static ulong Load(byte* place) => (uint)(sbyte)*place;

    public static void Store(byte* place, ulong value) => *place = (byte)value;
}

internal readonly unsafe struct SignedHalfToWord : ILane
{
    public static int Bytes => 2;

    public static ulong Load(byte* place) => (uint)Unsafe.ReadUnaligned<short>(place);

    public static void Store(byte* place, ulong value) => Unsafe.WriteUnaligned(place, (ushort)value);
}
