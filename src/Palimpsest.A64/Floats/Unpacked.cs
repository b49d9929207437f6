using System.Numerics;

namespace Palimpsest.A64.Floats;

internal enum FloatKind : byte
{
    Zero,
    Finite,
    Infinity,
    Quiet,
    Signaling,
}

/// <summary>A number taken apart (FPUnpack): of a finite one the fraction has bit 63 set, and is worth 2 to the exponent there.</summary>
internal readonly record struct Unpacked(FloatKind Kind, bool Sign, int Exponent, ulong Fraction)
{
    public bool IsNaN => Kind >= FloatKind.Quiet;

    public bool IsZero => Kind == FloatKind.Zero;

    public bool IsInfinite => Kind == FloatKind.Infinity;

    public Unpacked Negated => this with { Sign = !Sign };

    public static Unpacked Of(ulong bits, FloatFormat format, ref FloatEnvironment environment)
    {
        bool sign = (bits & format.SignBit) != 0;
        int exponent = (int)(bits >> format.FractionBits) & format.MostExponent;
        ulong fraction = bits & format.FractionMask;
        bool isHalf = format.Bits == 16;
        if (exponent == 0)
        {
            if (fraction == 0 || (environment.Flushes && !isHalf))
            {
                environment.Raise(fraction == 0 ? 0 : FloatEnvironment.InputDenormal);
                return new Unpacked(FloatKind.Zero, sign, 0, 0);
            }

            int zeros = BitOperations.LeadingZeroCount(fraction);
            return new Unpacked(FloatKind.Finite, sign, 64 - zeros - format.Bias - format.FractionBits, fraction << zeros);
        }

        if (exponent == format.MostExponent && !(isHalf && environment.UsesAlternativeHalf))
        {
            FloatKind kind = fraction == 0 ? FloatKind.Infinity
                : (fraction & format.QuietBit) != 0 ? FloatKind.Quiet : FloatKind.Signaling;
            return new Unpacked(kind, sign, 0, fraction);
        }

        return new Unpacked(
            FloatKind.Finite, sign, exponent - format.Bias, (fraction | 1UL << format.FractionBits) << (63 - format.FractionBits));
    }

    /// <summary>Compares the values of two that are no NaNs.</summary>
    public int CompareTo(Unpacked other)
    {
        if (IsZero || other.IsZero || Sign != other.Sign)
        {
            return IsZero && other.IsZero ? 0 : IsZero ? (other.Sign ? 1 : -1) : Sign ? -1 : 1;
        }

        int size = Kind != other.Kind ? Kind.CompareTo(other.Kind)
            : Exponent != other.Exponent ? Exponent.CompareTo(other.Exponent)
            : Fraction.CompareTo(other.Fraction);
        return Sign ? -size : size;
    }
}
