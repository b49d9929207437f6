using System.Numerics;

namespace Palimpsest.A64.Floats;

/// <summary>Between formats, and between floating point, integers and fixed point.</summary>
internal static partial class SoftFloat
{
    /// <summary>FCVT (FPConvert): NaNs keep the upper part of their fraction.</summary>
    public static ulong Convert(
        ulong bits, FloatFormat from, FloatFormat to, ref FloatEnvironment environment, Rounding? rounding = null)
    {
        Unpacked x = Unpacked.Of(bits, from, ref environment);
        bool isAlternative = to.Bits == 16 && environment.UsesAlternativeHalf;
        switch (x.Kind)
        {
            case FloatKind.Quiet or FloatKind.Signaling:
                environment.Raise(x.Kind == FloatKind.Signaling || isAlternative ? FloatEnvironment.Invalid : 0);
                return isAlternative ? Rounder.Zero(x.Sign, to)
                    : environment.UsesDefaultNaN ? to.DefaultNaN
                    : Rounder.Zero(x.Sign, to) | to.DefaultNaN | ConvertPayload(x.Fraction, from, to);
            case FloatKind.Infinity when isAlternative:
                environment.Raise(FloatEnvironment.Invalid);
                return Rounder.Zero(x.Sign, to) | 0x7FFF;
            case FloatKind.Finite:
                return Rounder.Round(x.Sign, x.Exponent, x.Fraction, to, rounding ?? environment.Rounding, ref environment);
            default:
                return Rounder.Exact(x, to, ref environment);
        }
    }

    /// <summary>FPToFixed: saturated, which is invalid, as a NaN is.</summary>
    /// <param name="width">Bits of the integer, 8 to 64.</param>
    /// <param name="fractionBits">Bits behind the point of the result.</param>
    public static ulong ToInteger(
        ulong bits, FloatFormat format, int width, int fractionBits, bool isUnsigned, Rounding rounding, ref FloatEnvironment environment)
    {
        Unpacked x = Unpacked.Of(bits, format, ref environment);
        if (x.IsNaN || x.IsZero)
        {
            environment.Raise(x.IsNaN ? FloatEnvironment.Invalid : 0);
            return 0;
        }

        ulong mask = ulong.MaxValue >> (64 - width);
        ulong most = isUnsigned ? (x.Sign ? 0 : mask) : (mask >> 1) + (x.Sign ? 1UL : 0);
        int exponent = x.Exponent + fractionBits;
        if (x.IsInfinite || exponent > 63)
        {
            environment.Raise(FloatEnvironment.Invalid);
            return Signed(most, x.Sign) & mask;
        }

        UInt128 value = Rounder.Jam((UInt128)x.Fraction << 64, 63 - exponent);
        ulong integer = (ulong)(value >> 64);
        ulong error = (ulong)value;
        bool overflows = Rounder.RoundsUp(x.Sign, integer, error, rounding) && ++integer == 0;
        if (overflows || integer > most)
        {
            environment.Raise(FloatEnvironment.Invalid);
            return Signed(most, x.Sign) & mask;
        }

        environment.Raise(error != 0 ? FloatEnvironment.Inexact : 0);
        return Signed(integer, x.Sign) & mask;
    }

    /// <summary>FixedToFP.</summary>
    public static ulong FromInteger(
        ulong value, FloatFormat format, int width, int fractionBits, bool isUnsigned, ref FloatEnvironment environment)
    {
        int above = 64 - width;
        bool isNegative = !isUnsigned && (long)(value << above) < 0;
        ulong size = isNegative ? 0 - (ulong)((long)(value << above) >> above) : value << above >> above;
        if (size == 0)
        {
            return 0;
        }

        int zeros = BitOperations.LeadingZeroCount(size);
        return Rounder.Round(
            isNegative, 63 - zeros - fractionBits, size << zeros, format, environment.Rounding, ref environment);
    }

    /// <summary>FRINT (FPRoundInt).</summary>
    public static ulong RoundToIntegral(
        ulong bits, FloatFormat format, Rounding rounding, bool tellsInexact, ref FloatEnvironment environment)
    {
        Unpacked x = Unpacked.Of(bits, format, ref environment);
        if (x.IsNaN)
        {
            return Rounder.NaN(bits, x, format, ref environment);
        }

        if (x.Kind != FloatKind.Finite || x.Exponent >= format.FractionBits)
        {
            return x.IsZero ? Rounder.Zero(x.Sign, format) : bits;
        }

        UInt128 value = Rounder.Jam((UInt128)x.Fraction << 64, 63 - x.Exponent);
        ulong integer = (ulong)(value >> 64);
        ulong error = (ulong)value;
        integer += Rounder.RoundsUp(x.Sign, integer, error, rounding) ? 1UL : 0;
        environment.Raise(tellsInexact && error != 0 ? FloatEnvironment.Inexact : 0);
        if (integer == 0)
        {
            return Rounder.Zero(x.Sign, format);
        }

        int zeros = BitOperations.LeadingZeroCount(integer);
        return Rounder.Round(x.Sign, 63 - zeros, integer << zeros, format, Rounding.ToZero, ref environment);
    }

    private static ulong ConvertPayload(ulong fraction, FloatFormat from, FloatFormat to)
    {
        int shift = from.FractionBits - to.FractionBits;
        return (shift > 0 ? fraction >> shift : fraction << -shift) & to.FractionMask;
    }

    private static ulong Signed(ulong size, bool isNegative) => isNegative ? 0 - size : size;
}
