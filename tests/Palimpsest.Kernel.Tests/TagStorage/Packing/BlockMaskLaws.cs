using CsCheck;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Kernel.TagStorage.Packing;
using Palimpsest.Testing;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.TagStorage.Packing;

/// <summary>A mask gives out what was put in, in runs that a folio may lie in, and each frame once.</summary>
public sealed class BlockMaskLaws
{
    [Theory]
    [InlineData("flat 8 MiB, small blocks")]
    [InlineData("blocks of 2")]
    [InlineData("blocks of 4")]
    public void ARunIsAlignedFreeAndTheFirst(string board) => Law.Holds(
        Gen.Select(Gen.Bool.Array[128], Gen.Int[0, 7], Gen.Int[0, 15]), 300, drawn =>
        {
            (bool[] isFree, int order, int number) = drawn;
            (BlockMasks masks, TagBlocks blocks) = Make(board);
            BlockId block = new(number);
            (Frame first, int count) = blocks.CoverOf(block);
            bool[] free = [.. Enumerable.Range(0, count).Select(at => isFree[at % isFree.Length])];
            for (int at = 0; at < count; at++)
            {
                if (free[at])
                {
                    masks.Add(block, first + at);
                }
            }

            int expected = Enumerable.Range(0, count).FirstOrDefault(at => IsRun(free, first, at, order), -1);
            Assert.Equal(expected >= 0, masks.HasRun(block, order));

            Frame run = masks.TakeRun(block, order);

            Assert.Equal(expected < 0 ? Frame.None : first + expected, run);
            int taken = run.IsNone ? 0 : 1 << order;
            Assert.Equal(free.Count(bit => bit) - taken, masks.FreeOf(block));
            Assert.All(Enumerable.Range(0, count), at => Assert.Equal(
                free[at] && (run.IsNone || first + at < run || first + at >= run + taken), masks.Has(block, first + at)));
        });

    [Fact]
    public void NeighboursKeepTheirBits()
    {
        (BlockMasks masks, TagBlocks blocks) = Make("blocks of 2");
        BlockId middle = new(1);
        masks.Add(new BlockId(0), blocks.CoverOf(new BlockId(0)).First);
        masks.Add(new BlockId(2), blocks.CoverOf(new BlockId(2)).First);

        Assert.Equal(0, masks.FreeOf(middle));
        Assert.True(masks.TakeRun(middle, 0).IsNone);
        Assert.Equal(1, masks.FreeOf(new BlockId(2)));
    }

    /// <summary>At most a thousandth of memory holds what is known of blocks.</summary>
    [Fact]
    public void MasksAreSmall()
    {
        (BlockMasks masks, TagBlocks blocks) = Make("flat 64 MiB");

        Assert.InRange(masks.Bytes, 1, blocks.Count * 32L * 4096 / 1000);
    }

    private static bool IsRun(bool[] free, Frame first, int at, int order) =>
        ((first.Index + at) & ((1 << order) - 1)) == 0 && at + (1 << order) <= free.Length
        && free.AsSpan(at, 1 << order).IndexOf(false) < 0;

    private static (BlockMasks Masks, TagBlocks Blocks) Make(string board)
    {
        TagBlocks blocks = new(TestBoards.Layout(board), 0, _ => true, new Tracepoints());
        return (new BlockMasks(blocks), blocks);
    }
}
