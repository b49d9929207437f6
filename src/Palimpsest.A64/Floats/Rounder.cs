namespace Palimpsest.A64.Floats;

/// <summary>From exact values to the bits of a format (FPRound), and NaNs on their way through (FPProcessNaN).</summary>
internal static class Rounder
{
    /// <summary>Rounds value * 2^(exponent - 127).</summary>
    public static ulong Wide(bool sign, int exponent, UInt128 value, FloatFormat format, ref FloatEnvironment environment)
    {
        int zeros = (int)UInt128.LeadingZeroCount(value);
        value <<= zeros;
        ulong fraction = (ulong)(value >> 64) | ((ulong)value != 0 ? 1UL : 0);
        return Round(sign, exponent - zeros, fraction, format, environment.Rounding, ref environment);
    }

    /// <param name="fraction">Bit 63 set; bit 0 also stands for all bits below.</param>
    public static ulong Round(
        bool sign, int exponent, ulong fraction, FloatFormat format, Rounding rounding, ref FloatEnvironment environment)
    {
        int least = 1 - format.Bias;
        ulong signBit = sign ? format.SignBit : 0;
        if (environment.Flushes && format.Bits > 16 && exponent < least)
        {
            environment.Raise(FloatEnvironment.Underflow);
            return signBit;
        }

        int biased = Math.Max(exponent - least + 1, 0);
        if (biased == 0)
        {
            fraction = Jam(fraction, least - exponent);
        }

        int below = 63 - format.FractionBits;
        ulong mantissa = fraction >> below;
        ulong error = fraction << (64 - below);
        environment.Raise(biased == 0 && error != 0 ? FloatEnvironment.Underflow : 0);
        if (RoundsUp(sign, mantissa, error, rounding))
        {
            mantissa++;
            biased = mantissa == 1UL << format.FractionBits ? Math.Max(biased, 1) : biased;
            if (mantissa == 2UL << format.FractionBits)
            {
                (mantissa, biased) = (mantissa >> 1, biased + 1);
            }
        }

        mantissa |= rounding == Rounding.ToOdd && error != 0 ? 1UL : 0;
        if (format.Bits == 16 && environment.UsesAlternativeHalf)
        {
            return Alternative(signBit, biased, mantissa, error, ref environment);
        }

        if (biased >= format.MostExponent)
        {
            environment.Raise(FloatEnvironment.Overflow | FloatEnvironment.Inexact);
            return signBit | Overflowed(sign, format, rounding);
        }

        environment.Raise(error != 0 ? FloatEnvironment.Inexact : 0);
        return signBit | (ulong)biased << format.FractionBits | (mantissa & format.FractionMask);
    }

    /// <summary>Infinity, or the largest number where rounding does not reach it.</summary>
    public static ulong Overflowed(bool sign, FloatFormat format, Rounding rounding)
    {
        bool isInfinite = rounding is Rounding.ToEven or Rounding.Away || rounding == (sign ? Rounding.Down : Rounding.Up);
        return isInfinite ? format.Infinity : format.Infinity - 1;
    }

    /// <summary>The error is what lies below the last bit, its half in bit 63.</summary>
    public static bool RoundsUp(bool sign, ulong mantissa, ulong error, Rounding rounding)
    {
        const ulong half = 1UL << 63;
        return rounding switch
        {
            Rounding.ToEven => error > half || (error == half && (mantissa & 1) != 0),
            Rounding.Up => error != 0 && !sign,
            Rounding.Down => error != 0 && sign,
            Rounding.Away => error >= half,
            _ => false,
        };
    }

    /// <summary>A shift to the right that keeps in bit 0 whether something went.</summary>
    public static ulong Jam(ulong value, int shift) =>
        shift == 0 ? value : shift < 64 ? value >> shift | (value << (64 - shift) != 0 ? 1UL : 0) : value != 0 ? 1UL : 0;

    public static UInt128 Jam(UInt128 value, int shift) =>
        shift == 0 ? value
        : shift < 128 ? value >> shift | (value << (128 - shift) != UInt128.Zero ? UInt128.One : UInt128.Zero)
        : value != UInt128.Zero ? UInt128.One : UInt128.Zero;

    /// <summary>A value that needs no rounding, except that it may be too small where results are flushed.</summary>
    public static ulong Exact(Unpacked value, FloatFormat format, ref FloatEnvironment environment) => value.Kind switch
    {
        FloatKind.Zero => Zero(value.Sign, format),
        FloatKind.Infinity => Zero(value.Sign, format) | format.Infinity,
        _ => Round(value.Sign, value.Exponent, value.Fraction, format, environment.Rounding, ref environment),
    };

    public static ulong Zero(bool sign, FloatFormat format) => sign ? format.SignBit : 0;

    public static ulong InvalidOperation(FloatFormat format, ref FloatEnvironment environment)
    {
        environment.Raise(FloatEnvironment.Invalid);
        return format.DefaultNaN;
    }

    /// <summary>The NaN that an operand makes of its result.</summary>
    public static ulong NaN(ulong bits, Unpacked value, FloatFormat format, ref FloatEnvironment environment)
    {
        environment.Raise(value.Kind == FloatKind.Signaling ? FloatEnvironment.Invalid : 0);
        return environment.UsesDefaultNaN ? format.DefaultNaN : bits | format.QuietBit;
    }

    /// <summary>Whether there is a NaN among two operands, and which one the result is: a signaling one before quiet ones.</summary>
    public static bool TryNaN(
        ulong a, ulong b, Unpacked x, Unpacked y, FloatFormat format, ref FloatEnvironment environment, out ulong result)
    {
        result = 0;
        if (!x.IsNaN && !y.IsNaN)
        {
            return false;
        }

        bool isFirst = x.Kind == FloatKind.Signaling || (y.Kind != FloatKind.Signaling && x.IsNaN);
        result = isFirst ? NaN(a, x, format, ref environment) : NaN(b, y, format, ref environment);
        return true;
    }

    private static ulong Alternative(ulong sign, int biased, ulong mantissa, ulong error, ref FloatEnvironment environment)
    {
        if (biased >= 32)
        {
            environment.Raise(FloatEnvironment.Invalid);
            return sign | 0x7FFF;
        }

        environment.Raise(error != 0 ? FloatEnvironment.Inexact : 0);
        return sign | (ulong)biased << 10 | (mantissa & 0x3FF);
    }
}
