namespace Palimpsest.A64.Floats;

/// <summary>
/// Arithmetic on the bits of numbers, with the exceptions, NaNs and roundings of the Arm ARM (shared/functions/float). Where the
/// host is known to give the same bits, it does.
/// </summary>
internal static partial class SoftFloat
{
    public static ulong Add(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        environment.IsHostLike && HostFloat.TryAdd(a, b, format, out ulong sum) ? sum : Sum(a, b, format, ref environment, isMinus: false);

    public static ulong Subtract(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        environment.IsHostLike && HostFloat.TryAdd(a, b ^ format.SignBit, format, out ulong difference)
            ? difference : Sum(a, b, format, ref environment, isMinus: true);

    public static ulong Multiply(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        environment.IsHostLike && HostFloat.TryMultiply(a, b, format, out ulong product)
            ? product : Product(a, b, format, ref environment, isExtended: false);

    /// <summary>FMULX: infinity times zero is 2.</summary>
    public static ulong MultiplyExtended(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Product(a, b, format, ref environment, isExtended: true);

    public static ulong Divide(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment)
    {
        if (environment.IsHostLike && HostFloat.TryDivide(a, b, format, out ulong host))
        {
            return host;
        }

        Unpacked x = Unpacked.Of(a, format, ref environment);
        Unpacked y = Unpacked.Of(b, format, ref environment);
        if (Rounder.TryNaN(a, b, x, y, format, ref environment, out ulong nan))
        {
            return nan;
        }

        bool sign = x.Sign != y.Sign;
        if ((x.IsInfinite && y.IsInfinite) || (x.IsZero && y.IsZero))
        {
            return Rounder.InvalidOperation(format, ref environment);
        }

        if (x.IsInfinite || y.IsZero)
        {
            environment.Raise(x.IsInfinite ? 0 : FloatEnvironment.DivideByZero);
            return Rounder.Zero(sign, format) | format.Infinity;
        }

        if (x.IsZero || y.IsInfinite)
        {
            return Rounder.Zero(sign, format);
        }

        (UInt128 quotient, UInt128 rest) = UInt128.DivRem((UInt128)x.Fraction << 63, y.Fraction);
        UInt128 value = quotient << 64 | (rest != UInt128.Zero ? UInt128.One : UInt128.Zero);
        return Rounder.Wide(sign, x.Exponent - y.Exponent, value, format, ref environment);
    }

    public static ulong SquareRoot(ulong a, FloatFormat format, ref FloatEnvironment environment)
    {
        Unpacked x = Unpacked.Of(a, format, ref environment);
        if (x.IsNaN)
        {
            return Rounder.NaN(a, x, format, ref environment);
        }

        if (x.IsZero)
        {
            return Rounder.Zero(x.Sign, format);
        }

        if (x.Sign)
        {
            return Rounder.InvalidOperation(format, ref environment);
        }

        if (x.IsInfinite)
        {
            return format.Infinity;
        }

        int shift = (x.Exponent & 1) == 0 ? 63 : 64;
        UInt128 square = (UInt128)x.Fraction << shift;
        ulong root = Root(square);
        UInt128 value = (UInt128)root << 64 | ((UInt128)root * root != square ? UInt128.One : UInt128.Zero);
        return Rounder.Wide(false, 63 + ((x.Exponent - 63 - shift) / 2), value, format, ref environment);
    }

    /// <summary>FABD.</summary>
    public static ulong AbsoluteDifference(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Subtract(a, b, format, ref environment) & ~format.SignBit;

    private static ulong Sum(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment, bool isMinus)
    {
        Unpacked x = Unpacked.Of(a, format, ref environment);
        Unpacked y = Unpacked.Of(b, format, ref environment);
        if (Rounder.TryNaN(a, b, x, y, format, ref environment, out ulong nan))
        {
            return nan;
        }

        y = isMinus ? y.Negated : y;
        if (x.IsInfinite || y.IsInfinite)
        {
            return x.IsInfinite && y.IsInfinite && x.Sign != y.Sign
                ? Rounder.InvalidOperation(format, ref environment)
                : Rounder.Zero(x.IsInfinite ? x.Sign : y.Sign, format) | format.Infinity;
        }

        if (x.IsZero || y.IsZero)
        {
            return x.IsZero && y.IsZero
                ? Rounder.Zero(x.Sign == y.Sign ? x.Sign : environment.Rounding == Rounding.Down, format)
                : Rounder.Exact(x.IsZero ? y : x, format, ref environment);
        }

        return Sum(x.Sign, x.Exponent + 2, (UInt128)x.Fraction << 62, y, format, ref environment, scale: 0);
    }

    /// <summary>A value with its top at bit 125 or 124, worth 2^(exponent - 127) a unit, and a finite number.</summary>
    private static ulong Sum(
        bool sign, int exponent, UInt128 value, Unpacked y, FloatFormat format, ref FloatEnvironment environment, int scale)
    {
        int otherExponent = y.Exponent + 2;
        UInt128 other = (UInt128)y.Fraction << 62;
        if (exponent >= otherExponent)
        {
            other = Rounder.Jam(other, exponent - otherExponent);
        }
        else
        {
            value = Rounder.Jam(value, otherExponent - exponent);
            exponent = otherExponent;
        }

        if (sign == y.Sign)
        {
            return Rounder.Wide(sign, exponent + scale, value + other, format, ref environment);
        }

        return value == other ? Rounder.Zero(environment.Rounding == Rounding.Down, format)
            : value > other ? Rounder.Wide(sign, exponent + scale, value - other, format, ref environment)
            : Rounder.Wide(y.Sign, exponent + scale, other - value, format, ref environment);
    }

    private static ulong Product(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment, bool isExtended)
    {
        Unpacked x = Unpacked.Of(a, format, ref environment);
        Unpacked y = Unpacked.Of(b, format, ref environment);
        if (Rounder.TryNaN(a, b, x, y, format, ref environment, out ulong nan))
        {
            return nan;
        }

        bool sign = x.Sign != y.Sign;
        if (x.IsInfinite || y.IsInfinite)
        {
            return !x.IsZero && !y.IsZero ? Rounder.Zero(sign, format) | format.Infinity
                : isExtended ? Rounder.Zero(sign, format) | (ulong)(format.Bias + 1) << format.FractionBits
                : Rounder.InvalidOperation(format, ref environment);
        }

        return x.IsZero || y.IsZero
            ? Rounder.Zero(sign, format)
            : Rounder.Wide(sign, x.Exponent + y.Exponent + 1, (UInt128)x.Fraction * y.Fraction, format, ref environment);
    }

    /// <summary>The integer square root, bit by bit.</summary>
    private static ulong Root(UInt128 square)
    {
        ulong root = 0;
        for (int bit = 63; bit >= 0; bit--)
        {
            ulong candidate = root | 1UL << bit;
            root = (UInt128)candidate * candidate <= square ? candidate : root;
        }

        return root;
    }
}
