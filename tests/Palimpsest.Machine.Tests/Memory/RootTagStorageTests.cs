using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>Versions 1 and 2 of the proposal: each rule of the binding, with the node that breaks it.</summary>
public sealed class RootTagStorageTests
{
    private const string Tags = "/tag-storage@c0000000";

    [Fact]
    public void StorageJoinsTheBankThatItTouches()
    {
        MemoryBoard board = Read(Board(Good()));
        Assert.Equal(Range(0x80000000, GiB + (32 * MiB)), Assert.Single(board.Banks).Range);
        Assert.Equal(Tags, Assert.Single(board.TagStorage).Name);
    }

    [Fact]
    public void UsableMemoryIsPreferredToReg()
    {
        NodeSketch memory = Ram(0x80000000, 2 * GiB, phandle: 1).Wide("linux,usable-memory", 0x80000000, GiB);
        Assert.Equal(GiB, Read(Root(memory, Good())).DataBytes);
    }

    [Fact]
    public void BlocksAreWholePagesAndWholeHardwareBlocks()
    {
        TagStorageSpan span = Assert.Single(Read(Board(RootTags(0xc0000000, 32 * MiB, memory: 1, blockBytes: 0x2000))).TagStorage);
        Assert.Equal(2, span.BlockFrames(PageGeometry.Page4K));
        Assert.Equal(1, span.BlockFrames(PageGeometry.For(16384)));
    }

    [Fact]
    public void ThirtyTwoRegionsAreReadAndOneMoreIsRefused()
    {
        Assert.Equal(32, Read(Many(32)).TagStorage.Count);
        Refused(Many(33), "/tag-storage@", "more than 32");
    }

    [Fact]
    public void RegOfTwoRangesIsRefused() =>
        Refused(Board(Good().Wide("reg", 0xc0000000, 32 * MiB, 0xd0000000, 32 * MiB)), Tags, "reg of tag storage has 32 bytes");

    [Fact]
    public void RegOfHalfARangeIsRefused() => Refused(Board(Good().Wide("reg", 0xc0000000)), Tags, "has 8 bytes");

    [Fact]
    public void MissingRegIsRefused() => Refused(Board(Good().Without("reg")), Tags, "without reg");

    [Fact]
    public void MissingRegOfTheMemoryIsRefused() =>
        Refused(Root(Ram(0x80000000, GiB, phandle: 1).Without("reg"), Good()), "/memory@80000000", "without reg");

    [Fact]
    public void SizeZeroIsRefused() => Refused(Board(Good().Wide("reg", 0xc0000000, 0)), Tags, "size zero");

    [Fact]
    public void MissingMemoryIsRefused() => Refused(Board(Good().Without("memory")), Tags, "memory is missing");

    [Fact]
    public void AnUnresolvedPhandleIsRefused() => Refused(Board(Good().Cells("memory", 99)), Tags, "phandle 99, which no node has");

    [Fact]
    public void APhandleOfAnythingElseIsRefused() =>
        Refused(Root(Ram(0x80000000, GiB), new NodeSketch("soc").Cells("phandle", 1), Good()), Tags, "/soc, which is not a memory node");

    [Fact]
    public void APhandleOfTwoCellsIsRefused() => Refused(Board(Good().Cells("memory", 1, 1)), Tags, "not one phandle");

    [Fact]
    public void MemoryOfTwoRangesIsRefused()
    {
        NodeSketch memory = Ram(0x80000000, 0, phandle: 1).Wide("reg", 0x80000000, GiB / 2, 0x100000000, GiB / 2);
        Refused(Root(memory, Good()), Tags, "which has 2 ranges of RAM");
    }

    [Theory]
    [InlineData(30)]
    [InlineData(34)]
    public void StorageThatIsNotExactlyOneThirtySecondIsRefused(ulong mebibytes) =>
        Refused(Board(Good().Wide("reg", 0xc0000000, mebibytes * MiB)), Tags, "do not match 1 GiB of memory");

    [Fact]
    public void MissingBlockSizeIsRefused() => Refused(Board(Good().Without("block-size")), Tags, "block-size is missing");

    [Fact]
    public void BlockSizeZeroIsRefused() => Refused(Board(Good().Cells("block-size", 0)), Tags, "block-size is 0");

    [Fact]
    public void BlockSizeOfTwoCellsIsRefused() => Refused(Board(Good().Cells("block-size", 0, 0x1000)), Tags, "not one cell");

    [Fact]
    public void AnAbsurdBlockSizeIsRefused() => Refused(Board(Good().Cells("block-size", 0x40001000)), Tags, "over 1 GiB");

    [Fact]
    public void StorageThatIsNotWholeBlocksIsRefused() =>
        Refused(Board(Good().Cells("block-size", 0x3000)), Tags, "8,192 pages are not a multiple of the block of 3");

    [Fact]
    public void StorageOffAPageblockIsRefused() =>
        Refused(Board(Good().Wide("reg", 0xc0001000, 32 * MiB)), Tags, "not whole pageblocks of 2 MiB");

    [Fact]
    public void StorageOfPartOfAPageblockIsRefused() =>
        Refused(Root(Ram(0x80000000, 32 * MiB, phandle: 1), RootTags(0xc0000000, MiB, memory: 1)), Tags, "not whole pageblocks");

    [Fact]
    public void OverlappingStorageIsRefused() => Refused(
        Root(
            Ram(0x80000000, GiB, phandle: 1), Ram(0x100000000, GiB, phandle: 2),
            RootTags(0xc0000000, 32 * MiB, memory: 1), RootTags(0xc1000000, 32 * MiB, memory: 2)),
        Tags, "overlaps that of /tag-storage@c1000000");

    [Fact]
    public void StorageInsideTheMemoryThatItServesIsRefused() =>
        Refused(Board(RootTags(0xa0000000, 32 * MiB, memory: 1)), "/tag-storage@a0000000", "lies in", "serves");

    [Fact]
    public void TwoStoragesForOneMemoryAreRefused() =>
        Refused(Board(Good(), RootTags(0xd0000000, 32 * MiB, memory: 1)), Tags, "is also served by /tag-storage@d0000000");

    [Fact]
    public void ReservedStorageIsRefused() => Refused(
        Board(Good(), ReservedMemory(new NodeSketch("firmware@c0000000").Wide("reg", 0xc0000000, 0x1000))),
        Tags, "overlaps /reserved-memory/firmware@c0000000");

    [Fact]
    public void StorageInACmaPoolIsRefused() => Refused(
        Root(Ram(0x80000000, GiB, phandle: 1), Ram(0xc0000000, GiB), Good(),
            ReservedMemory(Pool("pool@c0000000").Wide("reg", 0xc0000000, 4 * MiB))),
        Tags, "overlaps /reserved-memory/pool@c0000000");

    [Fact]
    public void AnAddressBeyond52BitsIsRefused() =>
        Refused(Board(Good().Wide("reg", 1UL << 52, 32 * MiB)), Tags, "52-bit");

    [Fact]
    public void AnotherNameIsRefused() => Refused(
        Board(TagNode("tags@c0000000", 0xc0000000, 32 * MiB).Cells("block-size", 0x1000).Cells("memory", 1)),
        "/tags@c0000000", "must have metadata or tag-storage in its name");

    [Fact]
    public void TwoDialectsInOneTreeAreRefused() => Refused(
        Board(Good(), ReservedMemory(ReservedTags(0xa0000000, 32 * MiB, memory: 1))),
        Tags, "/reserved-memory/tag-storage@a0000000", "one dialect");

    [Fact]
    public void DisabledStorageIsNotThere()
    {
        MemoryBoard board = Read(Board(Good().Text("status", "disabled")), carveOut: false);
        Assert.Empty(board.TagStorage);
        Assert.Equal("none", board.Dialect);
    }

    private static NodeSketch Good() => RootTags(0xc0000000, 32 * MiB, memory: 1);

    private static NodeSketch Board(params NodeSketch[] others) => Root([Ram(0x80000000, GiB, phandle: 1), .. others]);

    private static NodeSketch Many(uint count)
    {
        NodeSketch root = Root();
        for (uint i = 0; i < count; i++)
        {
            root.Child(Ram(0x80000000 + (i * 128 * MiB), 64 * MiB, phandle: i + 1));
            root.Child(RootTags(0x80000000 + (i * 128 * MiB) + (64 * MiB), 2 * MiB, memory: i + 1));
        }

        return root;
    }
}
