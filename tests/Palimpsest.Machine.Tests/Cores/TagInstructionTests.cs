using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using static Palimpsest.Machine.Tests.Cores.SmallCore;

namespace Palimpsest.Machine.Tests.Cores;

public sealed class TagInstructionTests
{
    private readonly SmallCore _small = new();

    private Core Core => _small.Core;

    [Fact]
    public void LdgReplacesTheTagAlone()
    {
        Core.Stg(Tagged + 16, With(6, 0));
        ulong value = 0xF1FF_FFFF_FFFF_FFFF;

        Assert.True(Core.Ldg(With(9, Tagged + 31), ref value).IsNone);

        Assert.Equal(0xF6FF_FFFF_FFFF_FFFFUL, value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void StoresOfTagsWantWholeGranules(int offset)
    {
        ulong address = Tagged + (ulong)offset;
        AccessFault expected = new(FaultKind.Alignment, IsWrite: true, address);

        Assert.Equal(expected, Core.Stg(address, 0));
        Assert.Equal(expected, Core.St2g(address, 0));
        Assert.Equal(expected, Core.Stzg(address, 0));
        Assert.Equal(expected, Core.Stz2g(address, 0));
        Assert.Equal(expected, Core.Stgp(address, 1, 2));
    }

    [Fact]
    public void TwoGranulesMayLieInTwoPagesAndAreStoredTogether()
    {
        ulong last = Tagged + 4096 - 16;

        Assert.True(Core.St2g(last, With(8, 0)).IsNone);
        Assert.Equal(8, _small.Memory.ReadTag(5, 255));
        Assert.Equal(8, _small.Memory.ReadTag(9, 0));

        _small.Table.Unmap(NextTagged >> 12);
        Core.InvalidateAll();
        Assert.Equal(new AccessFault(FaultKind.Translation, IsWrite: true, NextTagged), Core.St2g(last, With(2, 0)));
        Assert.Equal(8, _small.Memory.ReadTag(5, 255));
    }

    [Fact]
    public void StgpStoresAPairAndTheTagOfItsAddress()
    {
        Assert.True(Core.Stgp(With(5, Tagged + 64), 11, 22).IsNone);

        Assert.Equal(5, _small.Memory.ReadTag(5, 4));
        Assert.Equal((11UL, 22UL), (_small.Memory.Load64(5, 64), _small.Memory.Load64(5, 72)));
    }

    [Fact]
    public void ZeroingStoresClearTheData()
    {
        Fill();
        Core.Stzg(Tagged + 16, With(1, 0));
        Core.Stz2g(Tagged + 64, With(2, 0));
        Core.Stg(Tagged + 128, With(3, 0));

        Assert.Equal(16 + 32, ZeroBytes(256));
        Assert.Equal([0, 1, 0, 0, 2, 2, 0, 0, 3], Tags(9));
    }

    [Fact]
    public void BlocksAreSetByOneInstruction()
    {
        Fill();
        Core.DcGva(With(4, Tagged + 70));
        Assert.Equal(0, ZeroBytes(256));
        Core.DcGzva(With(5, Tagged + 191));
        Assert.Equal(64, ZeroBytes(256));
        Core.Stzgm(With(9, Tagged), 6);

        Assert.Equal(128, ZeroBytes(256));
        Assert.Equal([6, 6, 6, 6, 4, 4, 4, 4, 5, 5, 5, 5, 0], Tags(13));
    }

    [Fact]
    public void TagsOfABlockMoveAsNibbles()
    {
        Assert.True(Core.Stgm(Tagged + 256 + 80, 0xFEDC_BA98_7654_3210).IsNone);
        Assert.Equal(Enumerable.Range(0, 16), Tags(32)[16..]);

        Assert.True(Core.Ldgm(Tagged + 511, out ulong tags).IsNone);
        Assert.Equal(0xFEDC_BA98_7654_3210UL, tags);
    }

    [Fact]
    public void MemoryThatIsNotNormalTaggedDropsTagsAndKeepsData()
    {
        ulong value = With(15, 0);
        Assert.True(Core.Stg(Plain, With(7, 0)).IsNone);
        Assert.True(Core.Stgm(Plain, ulong.MaxValue).IsNone);
        Assert.True(Core.Stgp(With(7, Plain + 32), 11, 22).IsNone);
        Assert.True(Core.Ldg(Plain, ref value).IsNone);
        Assert.True(Core.Ldgm(Plain, out ulong tags).IsNone);

        Assert.Equal((0, 0UL), (LogicalTag.Of(value), tags));
        Assert.Equal(0, _small.Memory.ReadTag(6, 0));
        Assert.Equal(11UL, _small.Memory.Load64(6, 32));
    }

    // ATA0 gates EL0, ATA the instructions of EL1.
    [Fact]
    public void WithoutTagAccessTagsAreDroppedAndReadAsZero()
    {
        Core.Stg(Tagged, With(7, 0));
        Core.Registers.Ata0 = false;
        ulong value = With(15, 0);

        Assert.True(Core.Stg(Tagged, With(9, 0)).IsNone);
        Assert.True(Core.Ldg(Tagged, ref value).IsNone);
        Assert.Equal(0, LogicalTag.Of(value));
        Assert.True(Core.Ldgm(Tagged, out ulong tags).IsNone);
        Assert.Equal(7UL, tags);

        Core.Registers.Ata = false;
        Core.Stgm(Tagged, ulong.MaxValue);
        Core.Ldgm(Tagged, out tags);
        Assert.Equal(0UL, tags);
        Assert.Equal(7, _small.Memory.ReadTag(5, 0));
    }

    private void Fill()
    {
        byte[] ones = new byte[256];
        ones.AsSpan().Fill(255);
        _small.Memory.Write(5, 0, ones);
    }

    private int ZeroBytes(int bytes) => _small.Memory.Dram.Peek(5)[..bytes].Count((byte)0);

    private int[] Tags(int granules) => [.. Enumerable.Range(0, granules).Select(granule => _small.Memory.ReadTag(5, granule))];
}
