namespace Palimpsest.A64.Floats;

/// <summary>FRECPE, FRSQRTE, FRECPX and their integer kin: tables of eight bits, by their formulas.</summary>
internal static partial class SoftFloat
{
    public static ulong ReciprocalEstimate(ulong bits, FloatFormat format, ref FloatEnvironment environment)
    {
        Unpacked x = Unpacked.Of(bits, format, ref environment);
        ulong sign = Rounder.Zero(x.Sign, format);
        if (x.IsNaN)
        {
            return Rounder.NaN(bits, x, format, ref environment);
        }

        if (x.Kind != FloatKind.Finite)
        {
            environment.Raise(x.IsZero ? FloatEnvironment.DivideByZero : 0);
            return x.IsZero ? sign | format.Infinity : sign;
        }

        if (x.Exponent < -format.Bias - 1)
        {
            environment.Raise(FloatEnvironment.Overflow | FloatEnvironment.Inexact);
            return sign | Rounder.Overflowed(x.Sign, format, environment.Rounding);
        }

        if (environment.Flushes && x.Exponent >= format.Bias - 1)
        {
            environment.Raise(FloatEnvironment.Underflow);
            return sign;
        }

        // Result exponents of 0 and -1 are denormal: the leading one becomes part of the fraction.
        int exponent = (2 * format.Bias) - 1 - (x.Exponent + format.Bias);
        ulong fraction = (ulong)(Reciprocal((int)(x.Fraction >> 55)) & 255) << (format.FractionBits - 8);
        if (exponent <= 0)
        {
            fraction = (fraction | 1UL << format.FractionBits) >> (1 - exponent);
            exponent = 0;
        }

        return sign | (ulong)exponent << format.FractionBits | fraction;
    }

    public static ulong RootEstimate(ulong bits, FloatFormat format, ref FloatEnvironment environment)
    {
        Unpacked x = Unpacked.Of(bits, format, ref environment);
        if (x.IsNaN)
        {
            return Rounder.NaN(bits, x, format, ref environment);
        }

        if (x.IsZero)
        {
            environment.Raise(FloatEnvironment.DivideByZero);
            return Rounder.Zero(x.Sign, format) | format.Infinity;
        }

        if (x.Sign || x.IsInfinite)
        {
            return x.Sign ? Rounder.InvalidOperation(format, ref environment) : 0;
        }

        int biased = x.Exponent + format.Bias;
        int scaled = (biased & 1) == 0 ? (int)(x.Fraction >> 55) : (int)(x.Fraction >> 56);
        int exponent = ((3 * format.Bias) - 1 - biased) >> 1;
        return (ulong)exponent << format.FractionBits | (ulong)(Root(scaled) & 255) << (format.FractionBits - 8);
    }

    public static ulong ReciprocalExponent(ulong bits, FloatFormat format, ref FloatEnvironment environment)
    {
        Unpacked x = Unpacked.Of(bits, format, ref environment);
        if (x.IsNaN)
        {
            return Rounder.NaN(bits, x, format, ref environment);
        }

        int exponent = (int)(bits >> format.FractionBits) & format.MostExponent;
        exponent = exponent == 0 ? format.MostExponent - 1 : ~exponent & format.MostExponent;
        return Rounder.Zero(x.Sign, format) | (ulong)exponent << format.FractionBits;
    }

    /// <summary>URECPE.</summary>
    public static ulong ReciprocalEstimate(ulong word) =>
        (word >> 31) == 0 ? uint.MaxValue : (ulong)Reciprocal((int)(word >> 23)) << 23;

    /// <summary>URSQRTE.</summary>
    public static ulong RootEstimate(ulong word) =>
        (word >> 30) == 0 ? uint.MaxValue : (ulong)Root((int)(word >> 23)) << 23;

    /// <param name="value">256 to 511, as 0.5 to 1.</param>
    private static int Reciprocal(int value) => (((1 << 19) / ((value * 2) + 1)) + 1) / 2;

    /// <param name="value">128 to 511, as 0.25 to 1.</param>
    private static int Root(int value)
    {
        int doubled = value < 256 ? (value * 2) + 1 : ((value >> 1 << 1) + 1) * 2;
        int root = 512;
        while ((long)doubled * (root + 1) * (root + 1) < 1 << 28)
        {
            root++;
        }

        return (root + 1) / 2;
    }
}
