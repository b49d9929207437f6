using System.Globalization;
using CsCheck;
using Palimpsest.Traces.Records;

namespace Palimpsest.Traces.Tests.Records;

/// <summary>What a format file says of a flag is C, and is evaluated as C evaluates it, or not at all.</summary>
public sealed class ConstantExpressionTests
{
    [Theory]
    [InlineData("0", 0UL)]
    [InlineData("  42 ", 42UL)]
    [InlineData("0x2bc20", 0x2bc20UL)]
    [InlineData("1ul", 1UL)]
    [InlineData("0xffUL", 0xffUL)]
    [InlineData("1 << 3", 8UL)]
    [InlineData("1UL << 22 | 0x400", 0x400400UL)]
    [InlineData("(1 << 2) | (1 << 4)", 20UL)]
    [InlineData("0x10 & 0x18 | 1", 0x11UL)]
    [InlineData("1 | 2 & 2", 3UL)]
    [InlineData("1 << 1 + 1", 4UL)]
    [InlineData("256 >> 4 >> 1", 8UL)]
    [InlineData("10 - 2 - 3", 5UL)]
    [InlineData("~0", ulong.MaxValue)]
    [InlineData("-1", ulong.MaxValue)]
    [InlineData("~(0xff) & 0xfff", 0xf00UL)]
    [InlineData("(unsigned long)0x400", 0x400UL)]
    [InlineData("((( gfp_t)0x400u)|((gfp_t)0x800u))", 0xc00UL)]
    [InlineData("1 << 64", 1UL)]
    public void ConstantsHaveTheValueThatCGivesThem(string text, ulong value)
    {
        Assert.True(ConstantExpression.TryEvaluate(text, out ulong evaluated));
        Assert.Equal(value, evaluated);
    }

    [Theory]
    [InlineData("")]
    [InlineData("GFP_KERNEL")]
    [InlineData("1 +")]
    [InlineData("(1")]
    [InlineData("1)")]
    [InlineData("1 ? 2 : 3")]
    [InlineData("BIT(3)")]
    [InlineData("0xzz")]
    [InlineData("1 2")]
    [InlineData("1 << ")]
    public void WhatOnlyTheKernelCanEvaluateIsLeftToIt(string text) => Assert.False(ConstantExpression.TryEvaluate(text, out _));

    [Fact]
    public void NestingThatNoHeaderHasIsRefusedNotFollowed() =>
        Assert.False(ConstantExpression.TryEvaluate(new string('(', 100_000) + "1" + new string(')', 100_000), out _));

    [Fact]
    public void SumsAndBitsOfNumbersAreThoseOfSixtyFourBits() => Law.Holds(Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 63]), 300, drawn =>
    {
        (ulong a, ulong b, int shift) = drawn;

        Assert.Equal(unchecked(a + b), Value($"{a} + {b}"));
        Assert.Equal(unchecked(a - b), Value($"{a} - {b}"));
        Assert.Equal(a & b | a >> shift, Value($"0x{a:x} & 0x{b:x} | (0x{a:x} >> {shift})"));
        Assert.Equal(~a << shift, Value($"~{a} << {shift}"));
    });

    private static ulong Value(FormattableString text)
    {
        Assert.True(ConstantExpression.TryEvaluate(text.ToString(CultureInfo.InvariantCulture), out ulong value));
        return value;
    }
}
