using System.Reflection;

namespace Palimpsest.Vocabulary.Tests;

/// <summary>Numbers of the field are those of Linux 6.1 and the Arm architecture; what is told of files is one line.</summary>
public sealed class FieldTermTests
{
    // include/linux/pageblock-flags.h with arm64's PMD: a pageblock is 2, 32 or 512 MiB.
    [Theory]
    [InlineData(4096, 12, 512)]
    [InlineData(16384, 14, 2048)]
    [InlineData(65536, 16, 8192)]
    public void EachPageSizeHasItsShiftAndItsPageblock(int bytes, int shift, int blockFrames)
    {
        PageGeometry geometry = PageGeometry.For(bytes);

        Assert.Equal((shift, blockFrames), (geometry.PageShift, geometry.PageBlockFrames));
        Assert.Equal(new Pfn(3), geometry.PfnOf(new PhysicalAddress((3UL << shift) + 5)));
        Assert.Equal(new PhysicalAddress(3UL << shift), geometry.AddressOf(new Pfn(3)));
        Assert.Equal(7UL << shift, geometry.BytesOf(7));
    }

    // ARCH_FORCE_MAX_ORDER of arch/arm64/Kconfig.
    [Theory]
    [InlineData(4096, 10)]
    [InlineData(16384, 11)]
    [InlineData(65536, 13)]
    public void EachPageSizeHasItsLargestOrder(int bytes, int order)
    {
        PageGeometry geometry = PageGeometry.For(bytes);

        Assert.Equal(order, geometry.LargestOrder);
        Assert.True(geometry.PageBlockOrder <= order);
        Assert.Equal(geometry, PageGeometry.OfLargestOrder(order));
        Assert.Null(PageGeometry.OfLargestOrder(order + 20));
    }

    [Fact]
    public void NoOtherPageSizeIsOne() => Assert.Throws<ArgumentOutOfRangeException>(() => PageGeometry.For(8192));

    [Fact]
    public void TagsTakeAThirtySecondOfWhatTheyAreOf()
    {
        Assert.Equal(32, TagGeometry.DataFramesPerStorageFrame);
        Assert.Equal(TagGeometry.DataFramesPerStorageFrame, 1 << TagGeometry.DataFramesPerStorageFrameLog2);
    }

    [Fact]
    public void OrdersCountFramesByPowersOfTwo()
    {
        Assert.Equal([1, 2, 4, 8192], new[] { 0, 1, 2, Order.Max }.Select(order => new Order(order).Frames));
        Assert.True(new Order(2).CompareTo(new Order(3)) < 0);
        Assert.Equal("order:9", new Order(9).ToString());
    }

    // include/linux/gfp_types.h of 6.1: ___GFP_DMA is bit 0, and no bit has two names.
    [Fact]
    public void EachBitOfGfpFlagsHasOneName()
    {
        GfpFlags[] bits = [.. Enum.GetValues<GfpFlags>().Where(flag => ulong.IsPow2((uint)flag))];

        Assert.Equal(Enumerable.Range(0, 28).Select(bit => (GfpFlags)(1u << bit)), bits.Order());
        Assert.Equal(bits.Length, typeof(GfpFlags).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Count(field => ulong.IsPow2((uint)field.GetRawConstantValue()!)));
    }

    [Fact]
    public void SetsOfGfpFlagsAreThoseOfTheKernel()
    {
        Assert.Equal(0xcc0u, (uint)GfpFlags.KernelDefault);
        Assert.Equal(0x100ccau, (uint)(GfpFlags.HighUserMovable & ~(GfpFlags.SkipKasanPoison | GfpFlags.SkipKasanUnpoison)));
        Assert.Equal(0xa20u, (uint)GfpFlags.AtomicDefault);
        Assert.Equal(GfpFlags.None, GfpFlags.TransHugeLight & GfpFlags.Reclaim);
    }

    [Theory]
    [InlineData(MigrateType.Unmovable, true)]
    [InlineData(MigrateType.Movable, true)]
    [InlineData(MigrateType.Reclaimable, true)]
    [InlineData(MigrateType.HighAtomic, false)]
    [InlineData(MigrateType.Cma, false)]
    [InlineData(MigrateType.Metadata, false)]
    [InlineData(MigrateType.Isolate, false)]
    public void OnlyTheThreeOrdinaryTypesMerge(MigrateType type, bool merges) => Assert.Equal(merges, MigrateTypes.IsMergeable(type));

    [Fact]
    public void EveryMigrateTypeIsCounted() => Assert.Equal(MigrateTypes.Count, Enum.GetValues<MigrateType>().Length);

    [Theory]
    [InlineData("6.1.0-18-arm64", 6, 1)]
    [InlineData("5.15", 5, 15)]
    [InlineData("6.12-rc3", 6, 12)]
    public void AReleaseIsReadOffWhatUnamePrints(string text, int major, int minor) =>
        Assert.Equal(new KernelRelease(major, minor), KernelRelease.Of(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("6")]
    [InlineData("six.one")]
    [InlineData("-6.1")]
    public void WhatIsNoReleaseIsNone(string? text) => Assert.Null(KernelRelease.Of(text));

    [Fact]
    public void ReleasesAreOrderedByNumberNotByText()
    {
        KernelRelease[] sorted = [.. new[] { "6.12", "6.6", "5.15", "6.1" }.Select(text => KernelRelease.Of(text)!.Value).Order()];

        Assert.Equal("5.15 6.1 6.6 6.12", string.Join(' ', sorted));
        Assert.True(sorted[0] < sorted[1] && sorted[3] > sorted[2] && sorted[1] <= KernelRelease.Linux61
            && sorted[1] >= KernelRelease.Linux61);
    }

    [Fact]
    public void AMessageIsOneLineWhateverItQuotes()
    {
        Assert.Equal("a?b?c?d", new InputException("a\nb\tc\u001bd").Message);
        Assert.Equal("plain", OneLine.Of("plain"));
        Assert.Equal(new string('x', 40), OneLine.Quote(new string('x', 99)));
        Assert.Equal("xxx", OneLine.Quote("xxx"));
        Assert.Equal("TAG-1: frame 5", new LawException("TAG-1", "frame 5").Message);
        Assert.Equal("TAG-1: frame 5", new LawViolation("TAG-1", "frame 5").ToString());
    }

    // The first numbers of SplitMix64 from seed 0 (the reference implementation of 2014 prints them).
    [Fact]
    public void NumbersThatLookRandomAreThoseOfSplitMix()
    {
        Assert.Equal(0xE220A8397B1DCDAFUL, SplitMix.Mix(SplitMix.Gamma));
        Assert.Equal(0x6E789E6AA1B965F4UL, SplitMix.Mix(unchecked(2 * SplitMix.Gamma)));
        Assert.Equal(0UL, SplitMix.Mix(0));
    }
}
