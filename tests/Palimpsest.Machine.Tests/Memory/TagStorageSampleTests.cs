using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>The layouts that were posted, and the guests that were recorded.</summary>
public sealed class TagStorageSampleTests
{
    [Fact]
    public void Version1AddsItsStorageToRam()
    {
        MemoryBoard board = ReadSample("fvp-tagstorage-v1-min.dtb");
        Assert.Equal("RFC v1", board.Dialect);
        Assert.Equal([Range(0x80000000, 0x7fe00000), Range(0x880000000, 0x7fe00000)], board.Banks.Select(bank => bank.Range));
        AssertSpans(board, (Range(0xfc000000, 0x3e00000), Range(0x80000000, 0x7c000000)),
            (Range(0x8fc000000, 0x3e00000), Range(0x880000000, 0x7c000000)));
    }

    [Fact]
    public void Version2KeepsTheStorageOfBothMemoriesInTheUpperOne()
    {
        MemoryBoard board = ReadSample("fvp-tagstorage-v2-min.dtb");
        Assert.Equal("RFC v2", board.Dialect);
        Assert.Equal([Range(0x80000000, 2 * GiB), Range(0x880000000, 0x7fc00000)], board.Banks.Select(bank => bank.Range));
        AssertSpans(board, (Range(0x8f8000000, 0x4000000), Range(0x80000000, 2 * GiB)),
            (Range(0x8fc000000, 0x3c00000), Range(0x880000000, 0x78000000)));
        Assert.Equal(124 * MiB, board.CarveOutBytes);
        Assert.Equal(3968 * MiB, board.DataBytes);
    }

    [Fact]
    public void Version3CountsItsStorageOnceAndKeepsNodes()
    {
        MemoryBoard board = ReadSample("fvp-tagstorage-v3-min.dtb");
        Assert.Equal("RFC v3", board.Dialect);
        Assert.Equal([0, 1, 0, 1], board.Banks.Select(bank => bank.Node));
        AssertSpans(board, (Range(0x8f8000000, 0x4000000), Range(0x80000000, 2 * GiB)),
            (Range(0x8fc000000, 0x3c00000), Range(0x880000000, 0x78000000)));
        Assert.Equal(4092 * MiB, board.DataBytes + board.CarveOutBytes);
        Assert.Contains(board.Notes, note => note.Contains("vram@18000000", StringComparison.Ordinal));
    }

    [Fact]
    public void GooglesStorageServesFromItsBase()
    {
        MemoryBoard board = ReadSample("pcc-mte-shared-alloc-min.dtb");
        Assert.Equal("Google", board.Dialect);
        AssertSpans(board, (Range(0x7e000000, 0x1f00000), Range(0x40000000, 0x3e000000)));
        Assert.Equal(1, board.TagStorage[0].BlockFrames(PageGeometry.Page4K));
        Assert.Contains(board.Notes, note => note.Contains("not whole pageblocks", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("small.guest.dtb", 2048, 64)]
    [InlineData("pressure.guest.dtb", 512, 16)]
    [InlineData("contig.guest.dtb", 448, 14)]
    public void RecordedGuestsGetTheirCarveOutAboveTheirRam(string file, ulong ramMiB, ulong carveOutMiB)
    {
        MemoryBoard board = ReadSample(file);
        TagStorageSpan span = Assert.Single(board.TagStorage);
        Assert.True(span.IsAssumed);
        Assert.Equal(Range(0x40000000, ramMiB * MiB), span.Covered);
        Assert.Equal(Range(0x40000000 + (ramMiB * MiB), carveOutMiB * MiB), span.Storage);
        Assert.Equal(ramMiB * MiB, board.DataBytes);
        Assert.Equal("none", board.Dialect);
        Assert.Single(board.Banks);
    }

    [Theory]
    [InlineData("fvp-tagstorage-v3-min.dtb", 4096)]
    [InlineData("fvp-tagstorage-v3-min.dtb", 65536)]
    [InlineData("fvp-tagstorage-v2-min.dtb", 4096)]
    [InlineData("pcc-mte-shared-alloc-min.dtb", 16384)]
    [InlineData("small.guest.dtb", 65536)]
    public void SamplesKeepWhatHoldsForEveryBoard(string file, int pageBytes) =>
        BoardAudit.Check(ReadSample(file, pageBytes), PageGeometry.For(pageBytes));

    private static void AssertSpans(MemoryBoard board, params (PhysicalRange Storage, PhysicalRange Covered)[] expected)
    {
        Assert.Equal(expected, board.TagStorage.Select(span => (span.Storage, span.Covered)));
        Assert.All(board.TagStorage, span => Assert.False(span.IsAssumed));
    }
}
