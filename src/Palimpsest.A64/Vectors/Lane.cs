using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Vectors;

/// <summary>Lanes of a vector register; a size is the logarithm of their bytes, 0 to 3.</summary>
internal static class Lane
{
    /// <summary>Lanes that an instruction works on: one, or as many as fit in 8 or 16 bytes.</summary>
    public static int Count(Encoding e, int size) => e[28] ? 1 : (e[30] ? 16 : 8) >> size;

    public static int Bits(int size) => 8 << size;

    public static ulong Get(ref Vector128<ulong> vector, int index, int size)
    {
        ref byte place = ref Unsafe.Add(ref Unsafe.As<Vector128<ulong>, byte>(ref vector), index << size);
        return size switch
        {
            0 => place,
            1 => Unsafe.ReadUnaligned<ushort>(ref place),
            2 => Unsafe.ReadUnaligned<uint>(ref place),
            _ => Unsafe.ReadUnaligned<ulong>(ref place),
        };
    }

    /// <summary>Extended to 64 bits by its sign, or by zeros.</summary>
    public static ulong Get(ref Vector128<ulong> vector, int index, int size, bool isUnsigned)
    {
        ulong value = Get(ref vector, index, size);
        return isUnsigned ? value : Extend(value, Bits(size));
    }

    public static void Set(ref Vector128<ulong> vector, int index, int size, ulong value)
    {
        ref byte place = ref Unsafe.Add(ref Unsafe.As<Vector128<ulong>, byte>(ref vector), index << size);
        switch (size)
        {
            case 0:
                place = (byte)value;
                break;
            case 1:
                Unsafe.WriteUnaligned(ref place, (ushort)value);
                break;
            case 2:
                Unsafe.WriteUnaligned(ref place, (uint)value);
                break;
            default:
                Unsafe.WriteUnaligned(ref place, value);
                break;
        }
    }

    public static ulong Extend(ulong value, int bits) => (ulong)((long)(value << (64 - bits)) >> (64 - bits));

    public static ulong Cut(ulong value, int bits) => value << (64 - bits) >> (64 - bits);

    /// <summary>The nearest value that a lane can have; QC says that it is another.</summary>
    public static ulong Saturate(Cpu cpu, Int128 value, int bits, bool isUnsigned)
    {
        Int128 least = isUnsigned ? Int128.Zero : -(Int128.One << (bits - 1));
        Int128 most = (Int128.One << (isUnsigned ? bits : bits - 1)) - 1;
        if (value < least || value > most)
        {
            cpu.FloatStatus |= FloatEnvironment.Saturated;
        }

        return (ulong)Int128.Clamp(value, least, most);
    }

    /// <summary>A lane as a number of any size.</summary>
    public static Int128 Number(ulong value, bool isUnsigned) => isUnsigned ? (Int128)value : (Int128)(long)value;

    public static ulong Mask(bool isSet) => isSet ? ulong.MaxValue : 0;
}
