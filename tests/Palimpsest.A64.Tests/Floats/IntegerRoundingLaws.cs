using System.Numerics;
using CsCheck;
using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Tests.Floats;

/// <summary>Numbers to integers: each mode, each width, each number of bits behind the point, and where they saturate.</summary>
public sealed class IntegerRoundingLaws
{
    private static readonly Gen<ulong> Doubles = Gen.OneOf(
        Gen.ULong, Gen.Select(Gen.ULong, Gen.Int[-4, 66])
            .Select((bits, power) => (bits & 0x800FFFFFFFFFFFFF) | (ulong)(1023 + power) << 52),
        Gen.Select(Gen.Int[-9, 9], Gen.Int[-2, 2])
            .Select((halves, ulps) => BitConverter.DoubleToUInt64Bits(halves / 2.0) + (ulong)(long)ulps),
        Gen.Select(Gen.Int[30, 65], Gen.Int[-2, 2], Gen.Bool).Select((power, ulps, isNegative) =>
            (BitConverter.DoubleToUInt64Bits(Math.ScaleB(1, power)) + (ulong)(long)ulps) | (isNegative ? 1UL << 63 : 0)));

    [Fact]
    public void EachModeAndWidth() => Gen.Select(Doubles, Gen.Int[0, 4], Gen.Bool, Gen.Bool, Gen.OneOf(Gen.Const(0), Gen.Int[1, 64]))
        .Sample((bits, mode, isWide, isUnsigned, fractionBits) =>
        {
            double value = BitConverter.UInt64BitsToDouble(bits);
            int width = isWide ? 64 : 32;
            FloatEnvironment environment = new(0, 0);
            ulong made = SoftFloat.ToInteger(bits, FloatFormat.Double, width, fractionBits, isUnsigned, (Rounding)mode, ref environment);

            Assert.Equal(Expected(value, bits, width, fractionBits, isUnsigned, mode), (made, environment.Status));
        }, iter: 20_000);

    [Fact]
    public void NumbersBecomeIntegralNumbers() => Gen.Select(Doubles, Gen.Int[0, 4], Gen.Bool).Sample((bits, mode, tells) =>
    {
        double value = BitConverter.UInt64BitsToDouble(bits);
        FloatEnvironment environment = new(0, 0);
        ulong made = SoftFloat.RoundToIntegral(bits, FloatFormat.Double, (Rounding)mode, tells, ref environment);
        if (double.IsNaN(value))
        {
            Assert.Equal(bits | 1UL << 51, made);
            return;
        }

        if (double.IsInfinity(value))
        {
            Assert.Equal((bits, 0u), (made, environment.Status));
            return;
        }

        (BigInteger integer, bool isExact) = ExactFloat.Of(bits, 11, 52).ToInteger(mode);
        ulong sign = bits & 1UL << 63;
        Assert.Equal(BitConverter.DoubleToUInt64Bits((double)BigInteger.Abs(integer)) | sign, made);
        Assert.Equal(tells && !isExact ? FloatEnvironment.Inexact : 0, environment.Status);
    }, iter: 10_000);

    [Theory]
    [InlineData(0, "2 2 -2 4 -4 0")]
    [InlineData(1, "3 2 -2 4 -3 1")]
    [InlineData(2, "2 1 -3 3 -4 0")]
    [InlineData(3, "2 1 -2 3 -3 0")]
    [InlineData(4, "3 2 -3 4 -4 1")]
    public void ModesDifferWhereTheTextbookSaysSo(int mode, string expected)
    {
        IEnumerable<string> made = ((double[])[2.5, 1.5, -2.5, 3.5, -3.5, 0.5]).Select(value =>
        {
            FloatEnvironment environment = new(0, 0);
            ulong bits = SoftFloat.RoundToIntegral(
                BitConverter.DoubleToUInt64Bits(value), FloatFormat.Double, (Rounding)mode, tellsInexact: false, ref environment);
            return $"{Math.Abs(BitConverter.UInt64BitsToDouble(bits)) * Math.Sign(value)}";
        });

        Assert.Equal(expected, string.Join(' ', made));
    }

    [Fact]
    public void ASingleGoesThroughTheSameEyesAsItsDouble() => Gen.Single.Sample(value =>
    {
        if (float.IsNaN(value))
        {
            return;
        }

        for (int mode = 0; mode < 5; mode++)
        {
            FloatEnvironment single = new(0, 0);
            FloatEnvironment wide = new(0, 0);
            Assert.Equal(
                SoftFloat.ToInteger(BitConverter.DoubleToUInt64Bits(value), FloatFormat.Double, 32, 0, false, (Rounding)mode, ref wide),
                SoftFloat.ToInteger(BitConverter.SingleToUInt32Bits(value), FloatFormat.Single, 32, 0, false, (Rounding)mode, ref single));
            Assert.Equal(wide.Status, single.Status);
        }
    }, iter: 2000);

    private static (ulong Value, uint Status) Expected(double value, ulong bits, int width, int fractionBits, bool isUnsigned, int mode)
    {
        if (double.IsNaN(value))
        {
            return (0, FloatEnvironment.Invalid);
        }

        BigInteger least = isUnsigned ? BigInteger.Zero : -(BigInteger.One << (width - 1));
        BigInteger most = (isUnsigned ? BigInteger.One << width : BigInteger.One << (width - 1)) - 1;
        ulong mask = ulong.MaxValue >> (64 - width);
        if (double.IsInfinity(value))
        {
            return ((ulong)((value > 0 ? most : least) & mask), FloatEnvironment.Invalid);
        }

        ExactFloat scaled = ExactFloat.Of(bits, 11, 52) * new ExactFloat(BigInteger.One << fractionBits, 1);
        (BigInteger integer, bool isExact) = scaled.ToInteger(mode);
        BigInteger clamped = BigInteger.Max(least, BigInteger.Min(most, integer));
        uint status = clamped != integer ? FloatEnvironment.Invalid : isExact ? 0 : FloatEnvironment.Inexact;
        return ((ulong)(clamped & mask), status);
    }
}
