using System.Numerics;
using CsCheck;

namespace Palimpsest.A64.Tests.Integer;

/// <summary>Products, quotients and checksums against integers without a width and polynomials bit by bit.</summary>
public sealed class ProductLaws
{
    private static readonly Gen<ulong> Values = Gen.OneOf(
        Gen.ULong, Gen.Const(0UL), Gen.Const(1UL), Gen.Const(ulong.MaxValue), Gen.Const(1UL << 63), Gen.Const(1UL << 31),
        Gen.Const(0x7FFFFFFFFFFFFFFFUL), Gen.Const(0xFFFFFFFF80000000UL), Gen.UInt.Select(value => (ulong)value));

    [Fact]
    public void ProductsWithASum() => Gen.Select(Values, Values, Values, Gen.Bool, Gen.Bool).Sample((a, b, c, isWide, isSubtracted) =>
    {
        BareMachine machine = Run(Encodings.ThreeSources(isWide, 0, isSubtracted, 3, 0, 1, 2), a, b, c);
        BigInteger expected = isSubtracted ? c - ((BigInteger)a * b) : c + ((BigInteger)a * b);

        Assert.Equal(Low(expected, isWide ? 64 : 32), machine.Cpu.X(3));
    }, iter: 200);

    [Fact]
    public void LongProducts() => Gen.Select(Values, Values, Values, Gen.Bool, Gen.Bool).Sample((a, b, c, isUnsigned, isSubtracted) =>
    {
        BareMachine machine = Run(Encodings.ThreeSources(true, isUnsigned ? 5 : 1, isSubtracted, 3, 0, 1, 2), a, b, c);
        BigInteger product = isUnsigned ? (BigInteger)(uint)a * (uint)b : (BigInteger)(int)a * (int)b;

        Assert.Equal(Low(isSubtracted ? c - product : c + product, 64), machine.Cpu.X(3));
    }, iter: 200);

    [Fact]
    public void UpperHalvesOfProducts() => Gen.Select(Values, Values).Sample((a, b) =>
    {
        ulong isSigned = Run(Encodings.ThreeSources(true, 2, false, 3, 0, 1, 31), a, b, 0).Cpu.X(3);
        ulong isUnsigned = Run(Encodings.ThreeSources(true, 6, false, 3, 0, 1, 31), a, b, 0).Cpu.X(3);

        Assert.Equal(Low((BigInteger)(long)a * (long)b >> 64, 64), isSigned);
        Assert.Equal(Low((BigInteger)a * b >> 64, 64), isUnsigned);
    }, iter: 200);

    [Fact]
    public void QuotientsAreCutTowardsZeroAndOfZeroNothingIsMade() => Gen.Select(Values, Values, Gen.Bool).Sample((a, b, isWide) =>
    {
        ulong unsignedQuotient = Run(Encodings.TwoSources(isWide, 2, 3, 0, 1), a, b, 0).Cpu.X(3);
        ulong signedQuotient = Run(Encodings.TwoSources(isWide, 3, 3, 0, 1), a, b, 0).Cpu.X(3);

        int width = isWide ? 64 : 32;
        BigInteger x = isWide ? (long)a : (int)a;
        BigInteger y = isWide ? (long)b : (int)b;
        BigInteger ux = Low(a, width);
        BigInteger uy = Low(b, width);
        Assert.Equal(uy.IsZero ? 0UL : (ulong)(ux / uy), unsignedQuotient);
        Assert.Equal(y.IsZero ? 0UL : Low(BigInteger.Divide(x, y), width), signedQuotient);
    }, iter: 300);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheOneQuotientThatDoesNotFitIsTheDividend(bool isWide)
    {
        ulong least = isWide ? 1UL << 63 : 1UL << 31;

        Assert.Equal(least, Run(Encodings.TwoSources(isWide, 3, 3, 0, 1), least, ulong.MaxValue, 0).Cpu.X(3));
    }

    [Theory]
    [InlineData(0, 0xEDB88320u)]
    [InlineData(4, 0x82F63B78u)]
    public void ChecksumsOfAllSizes(int castagnoli, uint polynomial) => Gen.Select(Gen.UInt, Gen.ULong).Sample((accumulator, data) =>
    {
        for (int size = 0; size < 4; size++)
        {
            uint expected = accumulator;
            for (int bit = 0; bit < 8 << size; bit++)
            {
                bool isOdd = ((expected ^ (uint)(data >> bit)) & 1) != 0;
                expected = (expected >> 1) ^ (isOdd ? polynomial : 0);
            }

            BareMachine machine = Run(Encodings.TwoSources(size == 3, 16 + castagnoli + size, 3, 0, 1), accumulator | 7UL << 40, data, 0);
            Assert.Equal(expected, machine.Cpu.X(3));
        }
    }, iter: 100);

    [Fact]
    public void TheChecksumOfNineDigitsIsTheOneOfTheBooks()
    {
        // The check value of both polynomials, over "123456789", inverted before and behind.
        Assert.Equal(0xCBF43926u, ~OfDigits(16));
        Assert.Equal(0xE3069283u, ~OfDigits(20));
    }

    [Theory]
    [InlineData(true, 16)] // crc32b of a wide register
    [InlineData(false, 19)] // crc32x of a narrow one
    [InlineData(true, 22)]
    [InlineData(false, 23)]
    [InlineData(true, 1)]
    [InlineData(true, 12)]
    [InlineData(true, 24)]
    [InlineData(false, 4)] // irg is wide
    [InlineData(false, 5)]
    [InlineData(false, 0)]
    public void OtherOperationsOfTwoRegistersAreRefused(bool isWide, int operation) =>
        Assert.Equal(StopReason.Undefined, new BareMachine(Encodings.TwoSources(isWide, operation, 3, 0, 1)).Run(1).Reason);

    [Theory]
    [InlineData(1, false)] // smaddl of narrow registers
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(7, true)]
    public void OtherProductsAreRefused(int operation, bool isWide) =>
        Assert.Equal(StopReason.Undefined, new BareMachine(Encodings.ThreeSources(isWide, operation, false, 3, 0, 1, 2)).Run(1).Reason);

    private static uint OfDigits(int operation)
    {
        BareMachine machine = new([.. Enumerable.Range(0, 9).Select(digit => Encodings.TwoSources(false, operation, 0, 0, digit + 1))]);
        machine.Cpu.X(0) = uint.MaxValue;
        for (int digit = 0; digit < 9; digit++)
        {
            machine.Cpu.X(digit + 1) = (ulong)('1' + digit);
        }

        machine.Run(9);
        return (uint)machine.Cpu.X(0);
    }

    private static BareMachine Run(uint word, ulong a, ulong b, ulong c)
    {
        BareMachine machine = new(word);
        (machine.Cpu.X(0), machine.Cpu.X(1), machine.Cpu.X(2)) = (a, b, c);
        Assert.Equal(StopReason.Slice, machine.Run(1).Reason);
        return machine;
    }

    private static ulong Low(BigInteger value, int bits) => (ulong)(value & ((BigInteger.One << bits) - 1));
}
