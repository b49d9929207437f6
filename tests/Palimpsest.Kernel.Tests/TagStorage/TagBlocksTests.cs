using CsCheck;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.TagStorage;

/// <summary>A block holds the tags of exactly the frames that name it: block = floor(offset / 32) rounded down to a block.</summary>
public sealed class TagBlocksTests
{
    private const ulong Base = 0x4000_0000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(16)]
    public void CoverAndBlockAgree(int blockFrames)
    {
        MemoryLayout layout = TwoRegions(blockFrames);
        TagBlocks blocks = new(layout, blockBytes: 0, _ => true, new Tracepoints());

        Assert.Equal(layout.Storage.Sum(run => run.Frames / blockFrames), blocks.Count);
        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            (Frame first, int count) = blocks.CoverOf(block);
            for (Frame frame = first; frame < first + count; frame++)
            {
                Assert.Equal(block.Index, blocks.BlockOf(frame).Index);
            }
        }

        int covered = Enumerable.Range(0, blocks.Count).Sum(block => blocks.CoverOf(new BlockId(block)).Count);
        Assert.Equal(layout.Storage.Sum(run => run.CoveredFrames), covered);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(16)]
    public void TheKernelAndTheMachineNameTheSameStorage(int blockFrames)
    {
        MemoryLayout layout = TwoRegions(blockFrames);
        TagBlocks blocks = new(layout, blockBytes: 0, _ => true, new Tracepoints());

        foreach (TagStorageSpan span in layout.Board.TagStorage)
        {
            for (ulong offset = 0; offset < span.Covered.Bytes >> 12; offset += 7)
            {
                Pfn pfn = layout.Geometry.PfnOf(span.Covered.Start) + offset;
                (Frame first, int count) = blocks.StorageOf(blocks.BlockOf(new Frame(layout.FrameOf(pfn))));

                Assert.Equal(span.BlockOf(pfn, layout.Geometry).Start, layout.PfnOf(first.Index));
                Assert.Equal(blockFrames, count);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(16)]
    public void StorageIsInNoBlockTwice(int blockFrames)
    {
        MemoryLayout layout = TwoRegions(blockFrames);
        TagBlocks blocks = new(layout, blockBytes: 0, _ => true, new Tracepoints());
        HashSet<int> seen = [];

        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            (Frame first, int count) = blocks.StorageOf(block);
            Assert.All(Enumerable.Range(first.Index, count), frame => Assert.True(seen.Add(frame)));
            Assert.Contains(layout.Storage, run => first.Index >= run.FirstFrame && first.Index + count <= run.FirstFrame + run.Frames);
        }
    }

    [Fact]
    public void StorageAndUncoveredFramesHaveNoBlock()
    {
        MemoryLayout layout = TestBoards.Layout("uncovered memory");
        TagBlocks blocks = new(layout, blockBytes: 0, _ => true, new Tracepoints());
        StorageRun run = layout.Storage[0];

        Assert.Equal(-1, blocks.BlockOf(new Frame(run.FirstFrame)).Index);
        Assert.Equal(-1, blocks.BlockOf(new Frame(run.FirstCovered + run.CoveredFrames)).Index);
        Assert.Equal(blocks.Count - 1, blocks.BlockOf(new Frame(run.FirstCovered + run.CoveredFrames - 1)).Index);
    }

    [Fact]
    public void BlocksBeyondTheMemoryCoverNothing()
    {
        TagBlocks blocks = new(TestBoards.Layout("flat 34 MiB"), blockBytes: 0, _ => true, new Tracepoints());

        Assert.Equal((512, 272),
            (blocks.Count, Enumerable.Range(0, blocks.Count).Count(block => blocks.CoverOf(new BlockId(block)).Count > 0)));
    }

    // A design's block size is rounded up to whole blocks of the hardware.
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 16384, 4)]
    [InlineData(2, 4096, 2)]
    [InlineData(2, 12288, 4)]
    [InlineData(3, 16384, 6)]
    public void ADesignMayOnlyMakeBlocksLarger(int boardFrames, int designBytes, int expected) =>
        Assert.Equal(expected, new TagBlocks(TwoRegions(boardFrames), designBytes, _ => true, new Tracepoints())
            .StorageOf(new BlockId(0)).Count);

    [Fact]
    public void ReservedFramesAreCountedInTheirBlocks()
    {
        TagBlocks blocks = new(TwoRegions(4), blockBytes: 0, _ => true, new Tracepoints());
        blocks.Become(new BlockId(1), TagBlockState.Reserved);
        blocks.Become(new BlockId(2), TagBlockState.Reserved);
        blocks.Become(new BlockId(1), TagBlockState.Lent);

        Assert.Equal((1, 4), (blocks.ReservedBlocks, blocks.ReservedFrames));
        Assert.Throws<LawException>(() => blocks.Become(new BlockId(2), TagBlockState.Reserved));
    }

    // Two banks with a hole between; storage of each above it, enough for any of the block sizes.
    private static MemoryLayout TwoRegions(int blockFrames)
    {
        const ulong page = 4096;
        ulong data0 = 3 * 512 * page;
        ulong data1 = 1000 * page;
        ulong storage = 240 * page;
        ulong second = Base + (64 << 20);
        return MemoryLayout.For(
            TestBoards.Board(
                [TestBoards.Bank(Base, data0 + storage, 0), TestBoards.Bank(second, data1 + storage, 0)],
                [
                    TestBoards.Span(Base + data0, storage, Base, data0, (ulong)blockFrames * page),
                    TestBoards.Span(second + data1, storage, second, data1, (ulong)blockFrames * page),
                ]),
            new PageGeometry(4096, 5));
    }
}
