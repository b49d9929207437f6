using System.Numerics;
using CsCheck;
using Palimpsest.Lab.Census;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Census;

/// <summary>Sets of pages in words a block, how full blocks are, and what follows for tag pages; against sets of numbers.</summary>
public sealed class ScatterLaws
{
    // Pages near to each other, near to the ends of the chunks that masks are kept in, and far away.
    private static readonly Gen<ulong> Pages = Gen.OneOf(
        Gen.Int[0, 200].Select(page => (ulong)page), Gen.Int[-40, 40].Select(page => (ulong)((1 << 20) + page)),
        Gen.Int[0, 1 << 24].Select(page => (ulong)page));

    [Fact]
    public void MasksAreSets() => Pages.Array[1, 60].Sample(pages =>
    {
        BlockMasks masks = new();
        HashSet<ulong> set = [];
        foreach (ulong page in pages)
        {
            Pfn pfn = new(page);
            bool isFirst = !set.Any(other => other / 32 == page / 32);
            Assert.Equal(isFirst, masks.Add(BlockMasks.BlockOf(pfn), BlockMasks.BitOf(pfn)));
            set.Add(page);
        }

        foreach (ulong page in pages.SelectMany(page => new[] { page, page + 1, page ^ 31, page + 32, page + (1 << 20) }))
        {
            Assert.Equal(set.Contains(page), masks.Contains(new Pfn(page)));
        }

        foreach (IGrouping<ulong, ulong> block in set.GroupBy(page => page / 32))
        {
            Assert.Equal(block.Count(), BitOperations.PopCount(masks.Of((long)block.Key)));
        }
    }, iter: 200);

    [Fact]
    public void ABlockThatIsTakenOutIsEmptyAndItsNeighboursAreNot() => Pages.Sample(page =>
    {
        BlockMasks masks = new();
        long block = BlockMasks.BlockOf(new Pfn(page)) + 1;
        foreach (long near in (long[])[block - 1, block, block + 1])
        {
            masks.Add(near, uint.MaxValue);
        }

        masks.Clear(block);
        Assert.Equal((uint.MaxValue, 0u, uint.MaxValue), (masks.Of(block - 1), masks.Of(block), masks.Of(block + 1)));
        Assert.True(masks.Add(block, 1));
        Assert.False(masks.Add(block, 2));
        Assert.Equal(3u, masks.Of(block));
    }, iter: 100);

    [Fact]
    public void WhereNothingWasAddedIsNothing()
    {
        BlockMasks masks = new();
        Assert.Equal(0u, masks.Of(0));
        Assert.Equal(0u, masks.Of(long.MaxValue >> 8));
        masks.Add(1 << 20, 4);
        Assert.Equal(0u, masks.Of((1 << 20) - 1));
        Assert.Equal(0u, masks.Of(0));
        Assert.False(masks.Contains(new Pfn((1UL << 25) + 1)));
        Assert.True(masks.Contains(new Pfn((1UL << 25) + 2)));
    }

    [Fact]
    public void TheTallyCountsBlocksByTheirPages() => Gen.UInt.Array[0, 40].Sample(masks =>
    {
        FillTally tally = new();
        foreach (uint mask in masks)
        {
            tally.Add(mask);
        }

        Scatter scatter = tally.Result();
        long pages = masks.Sum(mask => (long)BitOperations.PopCount(mask));
        Assert.Equal(33, scatter.Fill.Count);
        Assert.Equal((0L, pages, masks.LongCount(mask => mask != 0)), (scatter.Fill[0], scatter.Pages, scatter.TagPages));
        Assert.Equal((pages + 31) / 32, scatter.IdealTagPages);
        Assert.True(scatter.TagPages >= scatter.IdealTagPages);
    }, iter: 200);

    [Theory]
    [InlineData(32, 1, 1.0, 32.0)]
    [InlineData(1, 1, 1.0, 1.0)]
    [InlineData(1, 32, 32.0, 1.0)]
    [InlineData(16, 4, 2.0, 16.0)]
    [InlineData(3, 11, 5.5, 3.0)]
    public void PagesThatLieApartTakeMoreTagPages(int pagesOfEach, int blocks, double overIdeal, double meanFill)
    {
        long[] fill = new long[33];
        fill[pagesOfEach] = blocks;
        Scatter scatter = new(fill);

        Assert.Equal((overIdeal, meanFill), (scatter.OverIdeal, scatter.MeanFill));
    }

    [Fact]
    public void OfNoPagesThereIsNoShare()
    {
        Scatter none = new FillTally().Result();

        Assert.Equal((0L, 0L, 0L), (none.Pages, none.TagPages, none.IdealTagPages));
        Assert.Null(none.OverIdeal);
        Assert.Null(none.MeanFill);
    }
}
