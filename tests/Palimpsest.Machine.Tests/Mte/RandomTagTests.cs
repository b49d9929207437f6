using CsCheck;
using Palimpsest.Machine.Mte;

namespace Palimpsest.Machine.Tests.Mte;

public sealed class RandomTagTests
{
    // Vectors of an independent implementation: start tag 0, seed 1, ten draws.
    [Theory]
    [InlineData(0x0000, new[] { 1, 1, 9, 15, 0, 4, 8, 9, 4, 11 })]
    [InlineData(0x0001, new[] { 1, 1, 9, 15, 1, 5, 9, 10, 6, 13 })]
    [InlineData(0x8001, new[] { 1, 1, 9, 1, 2, 6, 10, 11, 8, 1 })]
    [InlineData(0xFFFE, new[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(0xFFFF, new[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void IrgFollowsTheVectors(int exclude, int[] tags)
    {
        foreach (bool isOperand in new[] { false, true })
        {
            MteRegisters registers = new() { Ata0 = true, Seed = 1, Exclude = (ushort)(isOperand ? 0 : exclude) };

            IEnumerable<ulong> drawn = Enumerable.Range(0, 10)
                .Select(_ => TagArithmetic.Irg(registers, 0xFF00_1234_5678_9ABC, isOperand ? 0xABCD_0000UL | (uint)exclude : 0));

            Assert.Equal(tags.Select(tag => 0xF000_1234_5678_9ABCUL | (ulong)tag << 56), drawn);
            Assert.Equal(tags[^1], registers.StartTag);
        }
    }

    [Fact]
    public void TheSeedMovesFourBitsADraw()
    {
        MteRegisters registers = new() { Seed = 1 };
        foreach (int seed in new[] { 0x1000, 0x100, 0x8010, 0x6801, 0x1680, 0x4168 })
        {
            RandomTag.DrawOffset(registers);
            Assert.Equal(seed, registers.Seed);
        }
    }

    // 65,535 bits of period, four a draw; the two have no common divisor.
    [Fact]
    public void TheSeedTakesEveryValueButZero()
    {
        MteRegisters registers = new() { Seed = 0xACE1 };
        bool[] isSeen = new bool[65536];
        for (int draw = 0; draw < 65535; draw++)
        {
            RandomTag.DrawOffset(registers);
            Assert.False(isSeen[registers.Seed]);
            isSeen[registers.Seed] = true;
        }

        Assert.False(isSeen[0]);
    }

    [Fact]
    public void ASeedOfZeroStopsTheArchitectedSourceOnly()
    {
        MteRegisters registers = new() { Ata0 = true, StartTag = 3 };
        Assert.All(Enumerable.Range(0, 20), _ => Assert.Equal(3, LogicalTag.Of(TagArithmetic.Irg(registers, 0))));
        Assert.Equal(0, registers.Seed);

        registers.Rrnd = true;
        Assert.True(Enumerable.Range(0, 20).Select(_ => TagArithmetic.Irg(registers, 0)).Distinct().Count() > 5);
    }

    // Tags not excluded form a ring; an offset goes as many places on, from the start or the first one behind it.
    [Fact]
    public void AChoiceCountsOnlyTagsThatAreNotExcluded() =>
        Law.Holds(Gen.Select(Gen.Int[0, 15], Gen.Int[0, 15], Gen.Int[0, 0xFFFE]), 3000, drawn =>
        {
            (int start, int offset, int exclude) = drawn;
            int[] ring = [.. Enumerable.Range(start, 16).Select(tag => tag & 15).Where(tag => (exclude >> tag & 1) == 0)];
            bool isStartIn = (exclude >> start & 1) == 0;
            int place = isStartIn ? offset : Math.Max(0, offset - 1);

            Assert.Equal(ring[place % ring.Length], RandomTag.ChooseNonExcluded(start, offset, (ushort)exclude));
        });

    [Fact]
    public void WithoutTagAccessTheTagIsZero()
    {
        MteRegisters registers = new() { Ata = true, Seed = 1, StartTag = 5 };

        Assert.Equal(0UL, TagArithmetic.Irg(registers, 0x0F00_0000_0000_0000));
        Assert.Equal(0x0000_0000_0000_0020UL, TagArithmetic.Addg(registers, 0x0300_0000_0000_0000, 2, 4));
        Assert.Equal(1, registers.Seed);
        Assert.NotEqual(0, LogicalTag.Of(TagArithmetic.Irg(registers, 0, 0, ExceptionLevel.El1)));
    }
}
