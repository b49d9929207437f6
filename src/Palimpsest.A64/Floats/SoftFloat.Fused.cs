namespace Palimpsest.A64.Floats;

/// <summary>Multiplication and addition that round once.</summary>
internal static partial class SoftFloat
{
    /// <summary>FPMulAdd: a + b * c.</summary>
    public static ulong MultiplyAdd(ulong a, ulong b, ulong c, FloatFormat format, ref FloatEnvironment environment)
    {
        if (environment.IsHostLike && HostFloat.TryMultiplyAdd(a, b, c, format, out ulong host))
        {
            return host;
        }

        Unpacked sum = Unpacked.Of(a, format, ref environment);
        Unpacked x = Unpacked.Of(b, format, ref environment);
        Unpacked y = Unpacked.Of(c, format, ref environment);
        bool isInvalid = (x.IsInfinite && y.IsZero) || (x.IsZero && y.IsInfinite);
        if (sum.Kind == FloatKind.Quiet && isInvalid)
        {
            return Rounder.InvalidOperation(format, ref environment);
        }

        if (sum.Kind == FloatKind.Signaling)
        {
            return Rounder.NaN(a, sum, format, ref environment);
        }

        if (x.Kind == FloatKind.Signaling || y.Kind == FloatKind.Signaling || (!sum.IsNaN && (x.IsNaN || y.IsNaN)))
        {
            Rounder.TryNaN(b, c, x, y, format, ref environment, out ulong nan);
            return nan;
        }

        return sum.IsNaN ? Rounder.NaN(a, sum, format, ref environment) : MultiplyAdd(sum, x, y, format, ref environment, scale: 0);
    }

    /// <summary>FRECPS: 2 - a * b.</summary>
    public static ulong ReciprocalStep(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Step(a, b, format, ref environment, new Unpacked(FloatKind.Finite, Sign: false, 1, 1UL << 63), scale: 0);

    /// <summary>FRSQRTS: (3 - a * b) / 2.</summary>
    public static ulong RootStep(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Step(a, b, format, ref environment, new Unpacked(FloatKind.Finite, Sign: false, 1, 3UL << 62), scale: -1);

    private static ulong Step(
        ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment, Unpacked start, int scale)
    {
        a ^= format.SignBit;
        Unpacked x = Unpacked.Of(a, format, ref environment);
        Unpacked y = Unpacked.Of(b, format, ref environment);
        if (Rounder.TryNaN(a, b, x, y, format, ref environment, out ulong nan))
        {
            return nan;
        }

        return (x.IsInfinite && y.IsZero) || (x.IsZero && y.IsInfinite)
            ? Rounder.Exact(start with { Exponent = start.Exponent + scale }, format, ref environment)
            : MultiplyAdd(start, x, y, format, ref environment, scale);
    }

    /// <summary>(sum + x * y) * 2^scale of what are no NaNs.</summary>
    private static ulong MultiplyAdd(
        Unpacked sum, Unpacked x, Unpacked y, FloatFormat format, ref FloatEnvironment environment, int scale)
    {
        bool sign = x.Sign != y.Sign;
        bool isInfinite = x.IsInfinite || y.IsInfinite;
        bool isZero = x.IsZero || y.IsZero;
        if ((isInfinite && isZero) || (sum.IsInfinite && isInfinite && sum.Sign != sign))
        {
            return Rounder.InvalidOperation(format, ref environment);
        }

        if (sum.IsInfinite || isInfinite)
        {
            return Rounder.Zero(isInfinite ? sign : sum.Sign, format) | format.Infinity;
        }

        if (isZero)
        {
            return sum.IsZero
                ? Rounder.Zero(sum.Sign == sign ? sign : environment.Rounding == Rounding.Down, format)
                : Rounder.Exact(sum with { Exponent = sum.Exponent + scale }, format, ref environment);
        }

        int exponent = x.Exponent + y.Exponent + 1;
        UInt128 product = (UInt128)x.Fraction * y.Fraction;
        return sum.IsZero
            ? Rounder.Wide(sign, exponent + scale, product, format, ref environment)
            : Sum(sign, exponent + 2, product >> 2, sum, format, ref environment, scale);
    }
}
