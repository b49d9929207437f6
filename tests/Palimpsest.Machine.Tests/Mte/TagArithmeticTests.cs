using Palimpsest.Machine.Mte;

namespace Palimpsest.Machine.Tests.Mte;

public sealed class TagArithmeticTests
{
    [Fact]
    public void ATagIsBits59To56()
    {
        Assert.Equal(0xA, LogicalTag.Of(0x5A00_0000_0000_0010));
        Assert.Equal(0x5300_0000_0000_0010UL, LogicalTag.With(0x5A00_0000_0000_0010, 3));
        Assert.Equal(0x0000_7FFF_0000_0010UL, LogicalTag.Canonical(0x5A00_7FFF_0000_0010));
        Assert.Equal(0xFFFF_8000_0000_0010UL, LogicalTag.Canonical(0xF5FF_8000_0000_0010));
        Assert.Equal(0x00FF_8000_0000_0010UL, LogicalTag.Untagged(0xF5FF_8000_0000_0010));
    }

    [Theory]
    [InlineData(0x0300_0000_0000_1000, 0, 0x0300_0000_0000_1000)]
    [InlineData(0x0300_0000_0000_1000, 1, 0x0400_0000_0000_1000)]
    [InlineData(0x0F00_0000_0000_1000, 1, 0x0100_0000_0000_1000)]
    [InlineData(0x0100_0000_0000_1000, 15, 0x0100_0000_0000_1000)]
    public void AddgGoesOnInTheTagsThatAreNotExcluded(ulong address, int tagOffset, ulong expected)
    {
        MteRegisters registers = new() { Ata0 = true, Exclude = 1 };

        Assert.Equal(expected, TagArithmetic.Addg(registers, address, 0, tagOffset));
        Assert.Equal(expected + (63 * 16), TagArithmetic.Addg(registers, address, 63, tagOffset));
        Assert.Equal(expected - (63 * 16), TagArithmetic.Subg(registers, address, 63, tagOffset));
    }

    [Fact]
    public void GmiAddsTheTagToTheMask()
    {
        Assert.Equal(0x8000UL, TagArithmetic.Gmi(0x0F00_0000_0000_0000, 0));
        Assert.Equal(0xFFFF_0000_0000_0003UL, TagArithmetic.Gmi(0xA100_0000_0000_0000, 0xFFFF_0000_0000_0001));
    }

    [Theory]
    [InlineData(0x0A00_0000_0000_0030, 0x0300_0000_0000_0010, 0x20, false, false, true, false)]
    [InlineData(0x0A00_0000_0000_0010, 0x0300_0000_0000_0010, 0, false, true, true, false)]
    [InlineData(0x0A00_0000_0000_0010, 0x0300_0000_0000_0030, -0x20, true, false, false, false)]
    [InlineData(0xFFFF_8000_0000_0000, 0x0000_7FFF_FFFF_FFFF, -0xFFFF_FFFF_FFFF, true, false, true, false)]
    [InlineData(0x0080_0000_0000_0000, 0x0000_0000_0000_0000, -0x0080_0000_0000_0000, true, false, true, false)]
    public void SubpsComparesAddressesWithoutTheirTags(ulong left, ulong right, long difference, bool n, bool z, bool c, bool v)
    {
        Assert.Equal((ulong)difference, TagArithmetic.Subp(left, right));
        Assert.Equal((ulong)difference, TagArithmetic.Subps(left, right, out ConditionFlags flags));
        Assert.Equal(new ConditionFlags(n, z, c, v), flags);
    }

    [Fact]
    public void RegistersKeepTheirBits()
    {
        MteRegisters registers = new() { Exclude = 0xFFFE, Rrnd = true, Seed = 0xABCD, StartTag = 7 };
        Assert.Equal(0x1_FFFEUL, registers.Gcr);
        Assert.Equal(0xABCD07UL, registers.Rgsr);
        Assert.Equal(1, registers.Include);
        registers.Include = 0x00F0;
        Assert.Equal(0x1_FF0FUL, registers.Gcr);

        registers.Sctlr = 1;
        registers.Tcf0 = TagFaultMode.Asymmetric;
        registers.Tcf = TagFaultMode.Synchronous;
        registers.Ata0 = registers.Ata = true;
        Assert.Equal(1UL | 3UL << 38 | 1UL << 40 | 1UL << 42 | 1UL << 43, registers.Sctlr);
        registers.Ata0 = false;
        Assert.Equal(1UL | 3UL << 38 | 1UL << 40 | 1UL << 43, registers.Sctlr);

        registers.Tcma0 = true;
        Assert.Equal(1UL << 57, registers.Tcr);
        registers.Tcma1 = true;
        registers.Tcma0 = false;
        Assert.Equal(1UL << 58, registers.Tcr);
    }
}
