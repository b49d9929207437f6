using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Tests.Floats;

/// <summary>Halves, all 65,536 of them, against the host's, and the alternative format without infinities.</summary>
public sealed class HalfTests
{
    [Fact]
    public void EachBecomesTheDoubleOfItsValue()
    {
        for (uint bits = 0; bits < 1 << 16; bits++)
        {
            FloatEnvironment environment = new(0, 0);
            ulong made = SoftFloat.Convert(bits, FloatFormat.Half, FloatFormat.Double, ref environment);
            Half half = BitConverter.UInt16BitsToHalf((ushort)bits);
            if (Half.IsNaN(half))
            {
                bool isSignaling = (bits & 0x200) == 0;
                ulong expected = (ulong)(bits >> 15) << 63 | 0x7FF8000000000000 | (ulong)(bits & 0x1FF) << 42;
                Assert.Equal((expected, isSignaling ? FloatEnvironment.Invalid : 0), (made, environment.Status));
            }
            else
            {
                Assert.Equal((BitConverter.DoubleToUInt64Bits((double)half), 0u), (made, environment.Status));
            }
        }
    }

    [Fact]
    public void EachComesBackFromASingleAndADouble()
    {
        for (uint bits = 0; bits < 1 << 16; bits++)
        {
            if (Half.IsNaN(BitConverter.UInt16BitsToHalf((ushort)bits)))
            {
                continue;
            }

            FloatEnvironment environment = new(0, 0);
            ulong single = SoftFloat.Convert(bits, FloatFormat.Half, FloatFormat.Single, ref environment);
            ulong wide = SoftFloat.Convert(single, FloatFormat.Single, FloatFormat.Double, ref environment);
            Assert.Equal(bits, SoftFloat.Convert(single, FloatFormat.Single, FloatFormat.Half, ref environment));
            Assert.Equal(bits, SoftFloat.Convert(wide, FloatFormat.Double, FloatFormat.Half, ref environment));
            Assert.Equal(0u, environment.Status);
        }
    }

    [Fact]
    public void WhatLiesBetweenTwoHalvesGoesToTheNearer()
    {
        for (uint bits = 0; bits < 0x7BFF; bits++)
        {
            double low = (double)BitConverter.UInt16BitsToHalf((ushort)bits);
            double high = (double)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            double middle = low + ((high - low) / 2);
            Assert.Equal(bits + (bits & 1), ToHalf(middle, 0));
            Assert.Equal(bits + 1, ToHalf(Math.BitIncrement(middle), 0));
            Assert.Equal(bits, ToHalf(Math.BitDecrement(middle), 0));
            Assert.Equal(bits + 1, ToHalf(Math.BitIncrement(low), 1 << 22));
            Assert.Equal(bits, ToHalf(Math.BitDecrement(high), 3 << 22));
        }
    }

    [Fact]
    public void TheAlternativeFormatHasNumbersWhereTheOtherHasInfinities()
    {
        const uint alternative = 1 << 26;
        for (uint fraction = 0; fraction < 1 << 10; fraction++)
        {
            FloatEnvironment environment = new(alternative, 0);
            ulong made = SoftFloat.Convert(0x7C00 | fraction, FloatFormat.Half, FloatFormat.Double, ref environment);
            Assert.Equal((65536 * (1 + (fraction / 1024.0)), 0u), (BitConverter.UInt64BitsToDouble(made), environment.Status));
            Assert.Equal(0x7C00 | fraction, ToHalf(65536 * (1 + (fraction / 1024.0)), alternative));
        }
    }

    [Theory]
    [InlineData(1e9, 0x7FFFu, FloatEnvironment.Invalid)]
    [InlineData(double.NegativeInfinity, 0xFFFFu, FloatEnvironment.Invalid)]
    [InlineData(double.NaN, 0x8000u, FloatEnvironment.Invalid)]
    [InlineData(131008.0, 0x7FFFu, 0u)]
    [InlineData(65536.5, 0x7C00u, FloatEnvironment.Inexact)]
    public void WhatTheAlternativeFormatHasNotIsInvalid(double value, uint expected, uint raised)
    {
        FloatEnvironment environment = new(1 << 26, 0);
        ulong made = SoftFloat.Convert(BitConverter.DoubleToUInt64Bits(value), FloatFormat.Double, FloatFormat.Half, ref environment);

        Assert.Equal((expected, raised), ((uint)made, environment.Status));
    }

    private static uint ToHalf(double value, uint control)
    {
        FloatEnvironment environment = new(control, 0);
        return (uint)SoftFloat.Convert(BitConverter.DoubleToUInt64Bits(value), FloatFormat.Double, FloatFormat.Half, ref environment);
    }
}
