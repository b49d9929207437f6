using Palimpsest.Lab.Snapshots;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Snapshots;

/// <summary>/proc/pagetypeinfo is read by its own headings.</summary>
public sealed class PageTypeInfoTests
{
    [Fact]
    public void ChunksAndBlocksAreReadByType()
    {
        FreeChunkCounts counts = PageTypeInfo.Parse(
        [
            "Page block order: 9",
            "Free pages count per migrate type at order       0      1      2      3      4      5      6      7      8      9     10 ",
            "Node    0, zone      DMA, type    Unmovable      1      0      6      3      2      2      0      0      0      1      0 ",
            "Node    0, zone      DMA, type      Movable >100000    237    148     64     35     12      4      5      0      1    440 ",
            "Number of blocks type     Unmovable      Movable  Reclaimable   HighAtomic          CMA      Isolate ",
            "Node 0, zone      DMA           52          934            6            0           32            0 ",
        ],
        "pagetypeinfo");

        Assert.Equal((1, 6, 100000, 440), (counts.Chunks[0][0], counts.Chunks[0][2], counts.Chunks[1][0], counts.Chunks[1][10]));
        Assert.Equal(9, counts.PageBlockOrder);
        Assert.Equal((52, 934, 6, 32), (counts.Blocks[0], counts.Blocks[1], counts.Blocks[2], counts.Blocks[(int)MigrateType.Cma]));
    }

    // Pages of 16 KiB have chunks of order 11: a twelfth column.
    [Theory]
    [InlineData(11, 11)]
    [InlineData(12, 12)]
    [InlineData(14, 14)]
    [InlineData(20, 14)]
    [InlineData(3, 11)]
    public void AColumnForEachOrder(int columns, int orders)
    {
        FreeChunkCounts counts = PageTypeInfo.Parse(
            ["Node 0, zone DMA, type Movable " + string.Join(' ', Enumerable.Range(1, columns))], "a");

        Assert.Equal(orders, counts.Orders);
        long frames = Enumerable.Range(1, Math.Min(columns, orders)).Select((count, order) => (long)count << order).Sum();
        Assert.Equal(frames, counts.FreeFrames);
        Assert.Equal(Math.Min(columns, orders) == orders ? orders : 0, counts.CountOf((int)MigrateType.Movable, orders - 1));
    }

    [Fact]
    public void ChunksOfAnOrderThatTheOtherHasNotDifferWhole()
    {
        FreeChunkCounts large = PageTypeInfo.Parse(["Node 0, zone DMA, type Movable 0 0 0 0 0 0 0 0 0 0 0 3"], "a");
        FreeChunkCounts small = PageTypeInfo.Parse(["Node 0, zone DMA, type Movable 0 0 0 0 0 0 0 0 0 0 6"], "b");

        Assert.Equal(3 * 2048, large.FreeFrames);
        Assert.Equal(12 * 1024, large.DifferenceFrames(small));
        Assert.Equal(12 * 1024, small.DifferenceFrames(large));
    }

    [Fact]
    public void TheDifferenceWeighsChunksByTheirSize()
    {
        FreeChunkCounts one = PageTypeInfo.Parse(["Node 0, zone DMA, type Movable 1 0 3"], "a");
        FreeChunkCounts other = PageTypeInfo.Parse(["Node 0, zone DMA, type Movable 3 0 2"], "b");

        Assert.Equal(2 + 4, one.DifferenceFrames(other));
        Assert.Equal(13, one.FreeFrames);
    }

    [Theory]
    [InlineData("Node 0, zone DMA, type Movable 0 9223372036854775807")]
    [InlineData("Number of blocks type Movable", "Node 0, zone DMA 1099511627776", "Node 1, zone DMA 1")]
    public void MoreThanAMachineHasIsRefused(params string[] lines) =>
        Assert.Equal($"a: line {lines.Length}: more free chunks or pageblocks than a machine has; copy /proc/pagetypeinfo again",
            Assert.Throws<InputException>(() => PageTypeInfo.Parse(lines, "a")).Message);

    [Fact]
    public void AFileWithoutATableIsRefused() => Assert.Throws<InputException>(() => PageTypeInfo.Parse(["nothing"], "pagetypeinfo"));
}
