namespace Palimpsest.A64.Vectors;

/// <summary>
/// What three-register instructions do to a lane: old destination, two operands extended as their kind says, bits of the lane.
/// </summary>
internal static unsafe class LaneArithmetic
{
    /// <summary>By bits 15:11 of "three the same"; null for what other tables have.</summary>
    public static readonly delegate*<Cpu, ulong, ulong, ulong, int, bool, ulong>[] ThreeSame =
    [
        &HalvingAdd, &SaturatingAdd, &RoundingHalvingAdd, null, &HalvingSubtract, &SaturatingSubtract, &IsMore, &IsAtLeast,
        &LaneShifts.Plain, &LaneShifts.Saturating, &LaneShifts.Rounding, &LaneShifts.SaturatingRounding,
        &Max, &Min, &AbsoluteDifference, &AbsoluteDifferenceAdded, &AddOrSubtract, &TestOrEqual, &MultiplyAdded, &MultiplyOrPolynomial,
        &Max, &Min, &MultiplyHigh, &Add,
    ];

    public static ulong Add(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) => a + b;

    public static ulong Max(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        isUnsigned ? Math.Max(a, b) : (ulong)Math.Max((long)a, (long)b);

    public static ulong Min(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        isUnsigned ? Math.Min(a, b) : (ulong)Math.Min((long)a, (long)b);

    public static ulong AbsoluteDifference(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        (isUnsigned ? a > b : (long)a > (long)b) ? a - b : b - a;

    public static ulong SaturatingAdd(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        Lane.Saturate(cpu, Lane.Number(a, isUnsigned) + Lane.Number(b, isUnsigned), bits, isUnsigned);

    public static ulong SaturatingSubtract(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        Lane.Saturate(cpu, Lane.Number(a, isUnsigned) - Lane.Number(b, isUnsigned), bits, isUnsigned);

    /// <summary>SQDMULH, and rounded SQRDMULH.</summary>
    public static ulong MultiplyHigh(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isRounded)
    {
        long x = (long)Lane.Extend(a, bits);
        long y = (long)Lane.Extend(b, bits);
        Int128 product = ((Int128)x * y * 2) + (isRounded ? Int128.One << (bits - 1) : 0);
        return Lane.Saturate(cpu, product >> bits, bits, isUnsigned: false);
    }

    /// <summary>Multiplication of polynomials over {0, 1}.</summary>
    public static ulong Polynomial(ulong a, ulong b)
    {
        ulong product = 0;
        for (; b != 0; b >>= 1, a <<= 1)
        {
            product ^= (b & 1) != 0 ? a : 0;
        }

        return product;
    }

    private static ulong HalvingAdd(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) => (ulong)((long)(a + b) >> 1);

    private static ulong RoundingHalvingAdd(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        (ulong)((long)(a + b + 1) >> 1);

    private static ulong HalvingSubtract(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) => (ulong)((long)(a - b) >> 1);

    private static ulong IsMore(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        Lane.Mask(isUnsigned ? a > b : (long)a > (long)b);

    private static ulong IsAtLeast(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        Lane.Mask(isUnsigned ? a >= b : (long)a >= (long)b);

    private static ulong AbsoluteDifferenceAdded(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isUnsigned) =>
        d + AbsoluteDifference(cpu, d, a, b, bits, isUnsigned);

    private static ulong AddOrSubtract(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isSubtract) => isSubtract ? a - b : a + b;

    /// <summary>CMTST and CMEQ.</summary>
    private static ulong TestOrEqual(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isEqual) =>
        Lane.Mask(isEqual ? a == b : (a & b) != 0);

    /// <summary>MLA and MLS.</summary>
    private static ulong MultiplyAdded(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isSubtract) =>
        isSubtract ? d - (a * b) : d + (a * b);

    private static ulong MultiplyOrPolynomial(Cpu cpu, ulong d, ulong a, ulong b, int bits, bool isPolynomial) =>
        isPolynomial ? Polynomial(a, b) : a * b;
}
