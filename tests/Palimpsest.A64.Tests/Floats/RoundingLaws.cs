using CsCheck;
using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Tests.Floats;

/// <summary>Arithmetic in all four rounding modes and three formats, and what it raises, against fractions without a width.</summary>
public sealed class RoundingLaws
{
    private static readonly Gen<int> Modes = Gen.Int[0, 3];

    public static TheoryData<int, int> Formats() => new() { { 8, 23 }, { 11, 52 } };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Sums(int exponentBits, int fractionBits) => Numbers(exponentBits, fractionBits, 2).Sample((numbers, mode) =>
    {
        ExactFloat sum = Exact(numbers[0], exponentBits, fractionBits) + Exact(numbers[1], exponentBits, fractionBits);
        Check(sum, exponentBits, fractionBits, mode, SoftFloat.Add, numbers);
    }, iter: 5000);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Differences(int exponentBits, int fractionBits) => Numbers(exponentBits, fractionBits, 2).Sample((numbers, mode) =>
    {
        ExactFloat difference = Exact(numbers[0], exponentBits, fractionBits) - Exact(numbers[1], exponentBits, fractionBits);
        Check(difference, exponentBits, fractionBits, mode, SoftFloat.Subtract, numbers);
    }, iter: 5000);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Products(int exponentBits, int fractionBits) => Numbers(exponentBits, fractionBits, 2).Sample((numbers, mode) =>
    {
        ExactFloat product = Exact(numbers[0], exponentBits, fractionBits) * Exact(numbers[1], exponentBits, fractionBits);
        Check(product, exponentBits, fractionBits, mode, SoftFloat.Multiply, numbers);
    }, iter: 5000);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Quotients(int exponentBits, int fractionBits) => Numbers(exponentBits, fractionBits, 2).Sample((numbers, mode) =>
    {
        ExactFloat divisor = Exact(numbers[1], exponentBits, fractionBits);
        if (!divisor.Numerator.IsZero)
        {
            ExactFloat quotient = Exact(numbers[0], exponentBits, fractionBits) / divisor;
            Check(quotient, exponentBits, fractionBits, mode, SoftFloat.Divide, numbers);
        }
    }, iter: 3000);

    [Theory]
    [MemberData(nameof(Formats))]
    public void Roots(int exponentBits, int fractionBits) => Numbers(exponentBits, fractionBits, 1).Sample((numbers, mode) =>
    {
        ulong bits = numbers[0] & ~(1UL << (exponentBits + fractionBits));
        ExactFloat root = Exact(bits, exponentBits, fractionBits).Root(exponentBits == 8 ? 200 : 1200);
        FloatEnvironment environment = new((uint)mode << 22, 0);
        ulong made = SoftFloat.SquareRoot(bits, new FloatFormat(exponentBits, fractionBits), ref environment);
        if (!root.Numerator.IsZero)
        {
            Assert.Equal(root.Round(exponentBits, fractionBits, mode), (made, environment.Status));
        }
    }, iter: 300);

    [Theory]
    [MemberData(nameof(Formats))]
    public void FusedSums(int exponentBits, int fractionBits) => Numbers(exponentBits, fractionBits, 3).Sample((numbers, mode) =>
    {
        ExactFloat sum = Exact(numbers[0], exponentBits, fractionBits)
            + (Exact(numbers[1], exponentBits, fractionBits) * Exact(numbers[2], exponentBits, fractionBits));
        FloatEnvironment environment = new((uint)mode << 22, 0);
        ulong made = SoftFloat.MultiplyAdd(numbers[0], numbers[1], numbers[2], new FloatFormat(exponentBits, fractionBits),
            ref environment);
        if (!sum.Numerator.IsZero)
        {
            Assert.Equal(sum.Round(exponentBits, fractionBits, mode), (made, environment.Status));
        }
    }, iter: 5000);

    [Fact]
    public void DoublesBecomeSinglesAndHalves() => Numbers(11, 52, 1).Sample((numbers, mode) =>
    {
        // Once all of the range, once what is near to the ends of the smaller formats.
        foreach (ulong bits in (ulong[])[numbers[0], (numbers[0] & 0x80FFFFFFFFFFFFFF) | 0x3E00000000000000,
            (numbers[0] & 0x80FFFFFFFFFFFFFF) | 0x3F00000000000000])
        {
            ExactFloat value = Exact(bits, 11, 52);
            foreach ((int exponentBits, int fractionBits) in (ReadOnlySpan<(int, int)>)[(8, 23), (5, 10)])
            {
                FloatEnvironment environment = new((uint)mode << 22, 0);
                ulong made = SoftFloat.Convert(bits, FloatFormat.Double, new FloatFormat(exponentBits, fractionBits), ref environment);
                if (!value.Numerator.IsZero)
                {
                    Assert.Equal(value.Round(exponentBits, fractionBits, mode), (made, environment.Status));
                }
            }
        }
    }, iter: 4000);

    [Fact]
    public void IntegersBecomeNumbers() => Gen.Select(Gen.ULong, Gen.Int[0, 63], Gen.Int[0, 64], Gen.Bool, Gen.Bool, Modes)
        .Sample((any, shift, fractionBits, isUnsigned, isWide, mode) =>
        {
            ulong value = any >> shift;
            int width = isWide ? 64 : 32;
            Int128 integer = isUnsigned ? (isWide ? value : (uint)value) : isWide ? (long)value : (int)value;
            foreach ((int exponentBits, int bits) in (ReadOnlySpan<(int, int)>)[(8, 23), (11, 52)])
            {
                FloatEnvironment environment = new((uint)mode << 22, 0);
                ulong made = SoftFloat.FromInteger(value, new FloatFormat(exponentBits, bits), width, fractionBits, isUnsigned,
                    ref environment);
                ExactFloat exact = new(integer, System.Numerics.BigInteger.One << fractionBits);
                Assert.Equal(integer == 0 ? (0UL, 0u) : exact.Round(exponentBits, bits, mode), (made, environment.Status));
            }
        }, iter: 3000);

    private delegate ulong Operation(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment);

    private static void Check(ExactFloat exact, int exponentBits, int fractionBits, int mode, Operation operation, ulong[] numbers)
    {
        FloatEnvironment environment = new((uint)mode << 22, 0);
        ulong made = operation(numbers[0], numbers[1], new FloatFormat(exponentBits, fractionBits), ref environment);
        if (exact.Numerator.IsZero)
        {
            Assert.Equal((0UL, 0u), (made & ~(1UL << (exponentBits + fractionBits)), environment.Status));
        }
        else
        {
            Assert.Equal(exact.Round(exponentBits, fractionBits, mode), (made, environment.Status));
        }
    }

    private static ExactFloat Exact(ulong bits, int exponentBits, int fractionBits) => ExactFloat.Of(bits, exponentBits, fractionBits);

    /// <summary>Finite numbers: any, with few bits set, near to each other, subnormal and largest; and a mode.</summary>
    private static Gen<(ulong[] Numbers, int Mode)> Numbers(int exponentBits, int fractionBits, int count)
    {
        ulong all = ulong.MaxValue >> (63 - exponentBits - fractionBits);
        ulong infinity = (ulong)((1 << exponentBits) - 1) << fractionBits;
        ulong one = (ulong)((1 << (exponentBits - 1)) - 1) << fractionBits;
        ulong sign = 1UL << (exponentBits + fractionBits);
        Gen<ulong> any = Gen.OneOf(
            Gen.ULong.Select(bits => bits & all),
            Gen.Select(Gen.ULong, Gen.Int[-30, 30]).Select((bits, power) =>
                (one + (ulong)((long)power << fractionBits)) | (bits & (sign | ((1UL << fractionBits) - 1)))),
            Gen.Select(Gen.Int[0, fractionBits - 1], Gen.Bool).Select((bit, isNegative) => one | 1UL << bit | (isNegative ? sign : 0)),
            Gen.Select(Gen.ULong, Gen.Int[0, 60]).Select((bits, shift) => (bits & ((1UL << fractionBits) - 1)) >> shift | (bits & sign)),
            Gen.Select(Gen.Int[1, 3], Gen.Bool).Select((below, isNegative) => (infinity - (ulong)below) | (isNegative ? sign : 0)));
        Gen<ulong> finite = any.Select(bits => (bits & infinity) == infinity ? bits ^ 1UL << fractionBits : bits);
        return Gen.Select(finite.Array[count], Modes);
    }
}
