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
