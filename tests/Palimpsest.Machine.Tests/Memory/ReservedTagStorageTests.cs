using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>Version 3 of the proposal: each rule of the binding, with the node that breaks it.</summary>
public sealed class ReservedTagStorageTests
{
    private const string Tags = "/reserved-memory/tag-storage@c0000000";

    [Fact]
    public void StorageIsInRamOnce()
    {
        MemoryBoard board = Read(Board(Good()));
        Assert.Equal(Range(0x80000000, GiB + (64 * MiB)), Assert.Single(board.Banks).Range);
        Assert.Equal(GiB + (32 * MiB), board.DataBytes);
        Assert.Empty(board.Reserved);
    }

    [Fact]
    public void StorageAtTheEndOfItsOwnMemoryIsNotCovered()
    {
        NodeSketch memory = Ram(0x80000000, GiB, phandle: 1);
        TagStorageSpan span = Assert.Single(Read(Root(memory, ReservedMemory(ReservedTags(0xbe000000, 32 * MiB, memory: 1)))).TagStorage);
        Assert.Equal(Range(0x80000000, GiB - (32 * MiB)), span.Covered);
    }

    [Fact]
    public void StorageInTheMiddleOfItsMemoryIsRefused() => Refused(
        Board(ReservedTags(0xa0000000, 32 * MiB, memory: 1)), "/reserved-memory/tag-storage@a0000000", "lies in");

    [Fact]
    public void MoreStorageThanNeededIsNoted()
    {
        MemoryBoard board = Read(Board(Good().Wide("reg", 0xc0000000, 34 * MiB)));
        Assert.Contains(board.Notes, note => note.Contains("more than 1 GiB of memory need", StringComparison.Ordinal));
    }

    [Fact]
    public void LessStorageThanNeededIsRefused() => Refused(
        Board(Good().Wide("reg", 0xc0000000, 30 * MiB)), Tags, "30 MiB of tags serve 960 MiB, its memory has 1 GiB");

    [Fact]
    public void StorageOffAPageblockIsNoted()
    {
        MemoryBoard board = Read(Board(Good().Wide("reg", 0xc0001000, 32 * MiB)));
        Assert.Contains(board.Notes, note => note.Contains("not whole pageblocks of 2 MiB", StringComparison.Ordinal));
    }

    [Fact]
    public void MemoryOffTheSpanOfABlockIsNoted()
    {
        NodeSketch memory = Ram(0x80010000, GiB - (64 * KiB), phandle: 1);
        MemoryBoard board = Read(Root(memory, Ram(0xc0000000, 64 * MiB), ReservedMemory(Good())));
        Assert.Contains(board.Notes, note => note.Contains("one block more", StringComparison.Ordinal));
    }

    [Fact]
    public void MissingReusableIsRefused() => Refused(Board(Good().Without("reusable")), Tags, "reusable is missing");

    [Fact]
    public void MissingTaggedMemoryIsRefused() => Refused(Board(Good().Without("tagged-memory")), Tags, "tagged-memory is missing");

    [Fact]
    public void AnUnresolvedPhandleIsRefused() => Refused(Board(Good().Cells("tagged-memory", 9)), Tags, "phandle 9");

    [Fact]
    public void MissingRegIsRefused() => Refused(Board(Good().Without("reg")), Tags, "without reg");

    [Fact]
    public void RegOfTwoRangesIsRefused() =>
        Refused(Board(Good().Wide("reg", 0xc0000000, MiB, 0xc1000000, MiB)), Tags, "reg of tag storage has 32 bytes");

    [Fact]
    public void SizeZeroIsRefused() => Refused(Board(Good().Wide("reg", 0xc0000000, 0)), Tags, "size zero");

    [Fact]
    public void MissingBlockSizeIsRefused() => Refused(Board(Good().Without("block-size")), Tags, "block-size is missing");

    [Fact]
    public void BlockSizeZeroIsRefused() => Refused(Board(Good().Cells("block-size", 0)), Tags, "block-size is 0");

    [Fact]
    public void StorageThatIsNotWholeBlocksIsRefused() =>
        Refused(Board(Good().Cells("block-size", 0x3000)), Tags, "not a multiple of the block of 3");

    [Fact]
    public void StorageThatIsNotWholePagesIsRefused() =>
        Refused(Board(Good().Wide("reg", 0xc0000800, 32 * MiB)), Tags, "not whole pages");

    [Fact]
    public void StorageOutsideRamIsRefused() =>
        Refused(Board(Good().Wide("reg", 0xf0000000, 32 * MiB)), Tags, "not inside the RAM");

    [Fact]
    public void StorageInTwoNumaNodesIsRefused()
    {
        NodeSketch next = Ram(0xc4000000, 64 * MiB).Cells("numa-node-id", 1);
        Refused(
            Root(Ram(0x80000000, GiB, phandle: 1), Ram(0xc0000000, 64 * MiB), next,
                ReservedMemory(Good().Wide("reg", 0xc3000000, 32 * MiB))),
            Tags, "not inside the RAM of one node");
    }

    [Fact]
    public void OverlapWithACmaPoolIsRefused() => Refused(
        Board(Good(), Pool("pool@c0000000").Wide("reg", 0xc0000000, 4 * MiB)), Tags, "overlaps /reserved-memory/pool@c0000000");

    [Fact]
    public void DynamicPoolsAreNeverPlacedOnStorage()
    {
        MemoryBoard board = Read(Board(Good(), Pool("pool").Wide("size", 48 * MiB)));
        Assert.Equal(Range(0xbd000000, 48 * MiB), Assert.Single(board.CmaPools).Range);
    }

    private static NodeSketch Good() => ReservedTags(0xc0000000, 32 * MiB, memory: 1);

    private static NodeSketch Board(params NodeSketch[] reserved) =>
        Root(Ram(0x80000000, GiB, phandle: 1), Ram(0xc0000000, 64 * MiB), ReservedMemory(reserved));
}
