using Palimpsest.A64.Decoding;
using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Vectors;

/// <summary>The constants of MOVI and its kin (AdvSIMDExpandImm).</summary>
internal static class ModifiedImmediates
{
    public static ulong Expand(Encoding e)
    {
        ulong bits = (ulong)(e[18, 16] << 5 | e[9, 5]);
        int mode = e[15, 12];
        bool isInverted = e[29] && mode < 14 && (mode >= 12 || (mode & 1) == 0);
        ulong value = (mode >> 1) switch
        {
            < 4 => Repeat(bits << (8 * (mode >> 1)), 32),
            4 => Repeat(bits, 16),
            5 => Repeat(bits << 8, 16),
            6 => Repeat((mode & 1) == 0 ? bits << 8 | 0xFF : bits << 16 | 0xFFFF, 32),
            _ when (mode & 1) == 0 => e[29] ? Bytes(bits) : Repeat(bits, 8),
            _ => e[29] ? Scalars.Expand((int)bits, FloatFormat.Double) : Repeat(Scalars.Expand((int)bits, FloatFormat.Single), 32),
        };
        return isInverted ? ~value : value;
    }

    private static ulong Repeat(ulong element, int bits)
    {
        for (; bits < 64; bits *= 2)
        {
            element |= element << bits;
        }

        return element;
    }

    /// <summary>A byte of ones for each bit.</summary>
    private static ulong Bytes(ulong bits)
    {
        ulong value = 0;
        for (int bit = 0; bit < 8; bit++)
        {
            value |= (bits >> bit & 1) != 0 ? 0xFFUL << (8 * bit) : 0;
        }

        return value;
    }
}
