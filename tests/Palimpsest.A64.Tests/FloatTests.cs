using CsCheck;
using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Tests;

/// <summary>Arithmetic on bits against the host's, which rounds to nearest; and what the host does not tell.</summary>
public sealed class FloatTests
{
    private const uint ToNearest = 0;
    private const uint Up = 1 << 22;
    private const uint FlushToZero = 1 << 24;

    private static readonly ulong[] Corners =
        [0, 1, 1UL << 63, 0x7FF0000000000000, 0x000FFFFFFFFFFFFF, 0x0010000000000000, 0x7FEFFFFFFFFFFFFF];

    private static readonly Gen<ulong> Numbers = Gen.OneOf(
        Gen.ULong, Gen.Double.Select(BitConverter.DoubleToUInt64Bits),
        Gen.Select(Gen.ULong, bits => (bits & 0x800FFFFFFFFFFFFF) | 0x3FE0000000000000),
        Gen.Int[0, Corners.Length - 1].Select(index => Corners[index]));

    [Fact]
    public void SumsProductsQuotientsAndRootsAreTheHosts() => Gen.Select(Numbers, Numbers).Sample((a, b) =>
    {
        (double x, double y) = (BitConverter.UInt64BitsToDouble(a), BitConverter.UInt64BitsToDouble(b));
        FloatEnvironment environment = new(ToNearest, 0);
        AssertSame(x + y, SoftFloat.Add(a, b, FloatFormat.Double, ref environment));
        AssertSame(x - y, SoftFloat.Subtract(a, b, FloatFormat.Double, ref environment));
        AssertSame(x * y, SoftFloat.Multiply(a, b, FloatFormat.Double, ref environment));
        AssertSame(x / y, SoftFloat.Divide(a, b, FloatFormat.Double, ref environment));
        AssertSame(Math.Sqrt(x), SoftFloat.SquareRoot(a, FloatFormat.Double, ref environment));
    }, iter: 20_000);

    [Fact]
    public void FusedSumsRoundOnce() => Gen.Select(Numbers, Numbers, Numbers).Sample((a, b, c) =>
    {
        FloatEnvironment environment = new(ToNearest, 0);
        double expected = Math.FusedMultiplyAdd(
            BitConverter.UInt64BitsToDouble(b), BitConverter.UInt64BitsToDouble(c), BitConverter.UInt64BitsToDouble(a));
        AssertSame(expected, SoftFloat.MultiplyAdd(a, b, c, FloatFormat.Double, ref environment));
    }, iter: 20_000);

    [Fact]
    public void TheHostIsAskedOnlyWhereItSaysTheSame() => Gen.Select(Numbers, Numbers).Sample((a, b) =>
    {
        FloatEnvironment asked = new(ToNearest, FloatEnvironment.Inexact);
        FloatEnvironment alone = new(ToNearest, 0);
        Assert.Equal(
            SoftFloat.Multiply(a, b, FloatFormat.Double, ref alone), SoftFloat.Multiply(a, b, FloatFormat.Double, ref asked));
        Assert.Equal(alone.Status | FloatEnvironment.Inexact, asked.Status);
    }, iter: 20_000);

    [Fact]
    public void DoublesBecomeSinglesAsTheHostMakesThem() => Numbers.Sample(bits =>
    {
        FloatEnvironment environment = new(ToNearest, 0);
        float expected = (float)BitConverter.UInt64BitsToDouble(bits);
        uint made = (uint)SoftFloat.Convert(bits, FloatFormat.Double, FloatFormat.Single, ref environment);
        Assert.True(float.IsNaN(expected)
            ? float.IsNaN(BitConverter.UInt32BitsToSingle(made)) : BitConverter.SingleToUInt32Bits(expected) == made);
    }, iter: 20_000);

    [Fact]
    public void ExceptionsAreTold()
    {
        AssertRaises(FloatEnvironment.Inexact, ToNearest, 1.0, 3.0, SoftFloat.Divide);
        AssertRaises(0, ToNearest, 1.0, 4.0, SoftFloat.Divide);
        AssertRaises(FloatEnvironment.DivideByZero, ToNearest, 1.0, 0.0, SoftFloat.Divide);
        AssertRaises(FloatEnvironment.Invalid, ToNearest, 0.0, 0.0, SoftFloat.Divide);
        AssertRaises(FloatEnvironment.Overflow | FloatEnvironment.Inexact, ToNearest, double.MaxValue, 2.0, SoftFloat.Multiply);
        AssertRaises(FloatEnvironment.InputDenormal, FlushToZero, double.Epsilon, 1.0, SoftFloat.Multiply);
        AssertRaises(FloatEnvironment.Underflow, FlushToZero, 2.2250738585072014e-308, 0.5, SoftFloat.Multiply);
    }

    [Fact]
    public void RoundingUpReachesTheNextNumber()
    {
        FloatEnvironment environment = new(Up, 0);
        ulong third = SoftFloat.Divide(Bits(1), Bits(3), FloatFormat.Double, ref environment);

        Assert.Equal(Bits(1.0 / 3.0) + 1, third);
    }

    [Theory]
    [InlineData(-1.5, true, 0UL, FloatEnvironment.Invalid)]
    [InlineData(-1.5, false, unchecked((ulong)-1L), FloatEnvironment.Inexact)]
    [InlineData(1e30, false, (ulong)long.MaxValue, FloatEnvironment.Invalid)]
    [InlineData(7.0, true, 7UL, 0u)]
    [InlineData(double.NaN, false, 0UL, FloatEnvironment.Invalid)]
    public void IntegersSaturate(double value, bool isUnsigned, ulong expected, uint raised)
    {
        FloatEnvironment environment = new(ToNearest, 0);
        ulong made = SoftFloat.ToInteger(Bits(value), FloatFormat.Double, 64, 0, isUnsigned, Rounding.ToZero, ref environment);

        Assert.Equal((expected, raised), (made, environment.Status));
    }

    private delegate ulong Operation(ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static void AssertSame(double expected, ulong made) =>
        Assert.True(double.IsNaN(expected) ? double.IsNaN(BitConverter.UInt64BitsToDouble(made)) : Bits(expected) == made);

    private static void AssertRaises(uint expected, uint control, double a, double b, Operation operation)
    {
        FloatEnvironment environment = new(control, 0);
        operation(Bits(a), Bits(b), FloatFormat.Double, ref environment);
        Assert.Equal(expected, environment.Status);
    }
}
