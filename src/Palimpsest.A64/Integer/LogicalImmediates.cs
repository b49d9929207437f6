using System.Numerics;

namespace Palimpsest.A64.Integer;

/// <summary>Constants of logical instructions (Arm ARM, DecodeBitMasks): a run of ones, rotated, in elements of 2 to 64 bits.</summary>
internal static class LogicalImmediates
{
    private static readonly ulong[] Values = Make();

    /// <param name="bits">N, immr and imms: 13 bits that <see cref="IsAllocated"/> allows.</param>
    public static ulong Value(int bits) => Values[bits];

    public static bool IsAllocated(int bits, bool isWide)
    {
        int length = Length(bits);
        int levels = (1 << length) - 1;
        return length > 0 && (isWide || bits >> 12 == 0) && (bits & levels) != levels;
    }

    private static int Length(int bits) => BitOperations.Log2((uint)((bits >> 12 << 6) | (~bits & 63)) | 1);

    private static ulong[] Make()
    {
        ulong[] values = new ulong[1 << 13];
        for (int bits = 0; bits < values.Length; bits++)
        {
            values[bits] = IsAllocated(bits, isWide: true) ? Make(bits) : 0;
        }

        return values;
    }

    private static ulong Make(int bits)
    {
        int size = 1 << Length(bits);
        int ones = (bits & (size - 1)) + 1;
        int rotation = bits >> 6 & (size - 1);
        ulong element = ones == 64 ? ulong.MaxValue : (1UL << ones) - 1;
        ulong all = size == 64 ? ulong.MaxValue : (1UL << size) - 1;
        element = rotation == 0 ? element : ((element >> rotation) | (element << (size - rotation))) & all;
        for (; size < 64; size *= 2)
        {
            element |= element << size;
        }

        return element;
    }
}
