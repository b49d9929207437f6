using System.Numerics;

namespace Palimpsest.A64.Tests.Floats;

/// <summary>
/// Numbers as fractions of integers without a width, and their rounding to a format as the standard words it: the nearest numbers
/// below and above, and a choice between the two. Slow, and nothing of it is like SoftFloat.
/// </summary>
internal readonly record struct ExactFloat(BigInteger Numerator, BigInteger Denominator)
{
    public static ExactFloat Zero => new(0, 1);

    public static ExactFloat operator +(ExactFloat a, ExactFloat b) =>
        new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static ExactFloat operator -(ExactFloat a, ExactFloat b) => a + new ExactFloat(-b.Numerator, b.Denominator);

    public static ExactFloat operator *(ExactFloat a, ExactFloat b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static ExactFloat operator /(ExactFloat a, ExactFloat b) => b.Numerator.Sign < 0
        ? new ExactFloat(-a.Numerator * b.Denominator, -a.Denominator * b.Numerator)
        : new ExactFloat(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    /// <summary>A finite number of a format with so many bits of exponent and fraction.</summary>
    public static ExactFloat Of(ulong bits, int exponentBits, int fractionBits)
    {
        int exponent = (int)(bits >> fractionBits) & ((1 << exponentBits) - 1);
        BigInteger fraction = bits & ((1UL << fractionBits) - 1);
        BigInteger mantissa = exponent == 0 ? fraction : fraction + (BigInteger.One << fractionBits);
        int power = Math.Max(exponent, 1) - ((1 << (exponentBits - 1)) - 1) - fractionBits;
        bool isNegative = (bits >> (exponentBits + fractionBits) & 1) != 0;
        mantissa = isNegative ? -mantissa : mantissa;
        return power >= 0 ? new ExactFloat(mantissa << power, 1) : new ExactFloat(mantissa, BigInteger.One << -power);
    }

    /// <summary>The bits of the number that it is rounded to, which is not 0 itself; and what of the exceptions that sets.</summary>
    /// <param name="mode">FPCR.RMode: 0 nearest and even, 1 up, 2 down, 3 towards zero.</param>
    /// <returns>Status: 4 overflow, 8 underflow, 16 inexact, as in FPSR.</returns>
    public (ulong Bits, uint Status) Round(int exponentBits, int fractionBits, int mode)
    {
        bool isNegative = Numerator.Sign < 0;
        BigInteger size = BigInteger.Abs(Numerator);
        int bias = (1 << (exponentBits - 1)) - 1;
        int power = Math.Max(Logarithm(size, Denominator), 1 - bias) - fractionBits;
        BigInteger top = power < 0 ? size << -power : size;
        BigInteger bottom = power < 0 ? Denominator : Denominator << power;
        BigInteger below = BigInteger.DivRem(top, bottom, out BigInteger rest);
        bool isUp = mode switch
        {
            0 => (2 * rest) > bottom || (2 * rest == bottom && !below.IsEven),
            1 => !rest.IsZero && !isNegative,
            2 => !rest.IsZero && isNegative,
            _ => false,
        };
        // Underflow is told before rounding: it is too small, and not exact.
        bool isTiny = Logarithm(size, Denominator) < 1 - bias;
        uint status = rest.IsZero ? 0u : 16;
        status |= isTiny && !rest.IsZero ? 8u : 0;
        BigInteger mantissa = below + (isUp ? 1 : 0);
        BigInteger encoded = mantissa + ((BigInteger)(power + bias + fractionBits - 1) << fractionBits);
        BigInteger infinity = (BigInteger)((1 << exponentBits) - 1) << fractionBits;
        if (encoded >= infinity)
        {
            bool staysFinite = mode == 3 || (mode == 1 && isNegative) || (mode == 2 && !isNegative);
            (encoded, status) = (staysFinite ? infinity - 1 : infinity, 4 | 16);
        }

        return ((ulong)encoded | (isNegative ? 1UL << (exponentBits + fractionBits) : 0), status);
    }

    /// <summary>The square root to so many bits behind the point, the last one set where it goes on.</summary>
    public ExactFloat Root(int bits)
    {
        BigInteger scaled = (Numerator << (2 * bits)) / Denominator;
        BigInteger root = FloorRoot(scaled);
        bool isExact = root * root == scaled && scaled * Denominator == Numerator << (2 * bits);
        return new ExactFloat((root << 1) + (isExact ? 0 : 1), BigInteger.One << (bits + 1));
    }

    /// <summary>The integer that it is rounded to.</summary>
    /// <param name="mode">As of <see cref="Round"/>, and 4 for nearest with ties away from zero.</param>
    public (BigInteger Value, bool IsExact) ToInteger(int mode)
    {
        BigInteger floor = BigInteger.DivRem(Numerator, Denominator, out BigInteger rest);
        if (rest.Sign < 0)
        {
            (floor, rest) = (floor - 1, rest + Denominator);
        }

        bool isTie = 2 * rest == Denominator;
        bool isUp = mode switch
        {
            0 => (2 * rest) > Denominator || (isTie && !floor.IsEven),
            1 => !rest.IsZero,
            2 => false,
            3 => !rest.IsZero && Numerator.Sign < 0,
            _ => (2 * rest) > Denominator || (isTie && Numerator.Sign > 0),
        };
        return (floor + (isUp ? 1 : 0), rest.IsZero);
    }

    private static int Logarithm(BigInteger top, BigInteger bottom)
    {
        int guess = (int)(top.GetBitLength() - bottom.GetBitLength());
        bool isLess = guess >= 0 ? top < bottom << guess : top << -guess < bottom;
        return isLess ? guess - 1 : guess;
    }

    private static BigInteger FloorRoot(BigInteger value)
    {
        if (value.IsZero)
        {
            return value;
        }

        BigInteger guess = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (guess + (value / guess)) >> 1;
            if (next >= guess)
            {
                return guess;
            }

            guess = next;
        }
    }
}
