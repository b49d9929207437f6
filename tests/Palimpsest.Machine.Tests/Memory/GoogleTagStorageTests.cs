using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>Google's prototype: each rule of the binding, with the node that breaks it.</summary>
public sealed class GoogleTagStorageTests
{
    private const string Tags = "/reserved-memory/tags@c0000000";

    [Fact]
    public void ABlockIsAPageOfAnySize()
    {
        Assert.Equal(1, Assert.Single(Read(Board(Good())).TagStorage).BlockFrames(PageGeometry.Page4K));
        Assert.Equal(1, Assert.Single(Read(Board(Good()), pageBytes: 65536).TagStorage).BlockFrames(PageGeometry.For(65536)));
    }

    [Fact]
    public void SeveralStoragesShareAMemory()
    {
        MemoryBoard board = Read(Board(
            Storage("tags@c0000000", 0xc0000000, 16 * MiB, 0x80000000), Storage("tags@c1000000", 0xc1000000, 16 * MiB, 0xa0000000)));
        Assert.Equal(
            [Range(0x80000000, GiB / 2), Range(0xa0000000, GiB / 2)], board.TagStorage.Select(span => span.Covered));
    }

    [Fact]
    public void StorageAtTheEndOfItsMemoryEndsWhatIsCovered()
    {
        NodeSketch memory = Ram(0x80000000, GiB).Flag("arm,mte-alloc");
        MemoryBoard board = Read(Root(memory, ReservedMemory(Storage("tags@be000000", 0xbe000000, 32 * MiB, 0x80000000))));
        Assert.Equal(Range(0x80000000, GiB - (32 * MiB)), Assert.Single(board.TagStorage).Covered);
    }

    [Fact]
    public void MissingStorageBaseIsRefused() => Refused(Board(Good().Without("storage-base")), Tags, "storage-base is missing");

    [Fact]
    public void StorageBaseOfOneCellIsRefused() => Refused(Board(Good().Cells("storage-base", 1)), Tags, "storage-base has 4 bytes");

    [Fact]
    public void StorageBaseOutsideAllocatableMemoryIsRefused() =>
        Refused(Board(Good().Wide("storage-base", 0x10000000)), Tags, "storage-base 0x10000000 is not in taggable memory");

    [Fact]
    public void StorageBaseInUntaggableMemoryIsRefused() =>
        Refused(Board(Good().Wide("storage-base", 0xc0000000)), Tags, "not in taggable memory");

    [Fact]
    public void StorageBaseInsideAPageIsRefused() =>
        Refused(Board(Good().Wide("storage-base", 0x80000010)), Tags, "not the start of a page");

    [Fact]
    public void StorageForLessThanTheMemoryIsRefused() =>
        Refused(Board(Storage("tags@c0000000", 0xc0000000, 30 * MiB, 0x80000000)), "/memory@80000000",
            "only 960 MiB of 1 GiB have tag storage");

    [Fact]
    public void AllocatableMemoryWithoutAnyStorageIsRefused() =>
        Refused(Root(Ram(0x80000000, GiB).Flag("arm,mte-alloc")), "/memory@80000000", "arm,mte-alloc, but only 0 bytes");

    [Fact]
    public void UntaggableMemoryThatIsNotStorageIsRefused()
    {
        NodeSketch untaggable = Ram(0xc0000000, 64 * MiB).Flag("arm,mte-alloc").Flag("arm,no-mte");
        Refused(
            Root(Ram(0x80000000, GiB).Flag("arm,mte-alloc"), untaggable, ReservedMemory(Good())),
            "/memory@c0000000", "arm,no-mte, but only 32 MiB of 64 MiB are tag storage");
    }

    [Fact]
    public void SizeZeroIsRefused() => Refused(Board(Good().Wide("reg", 0xc0000000, 0)), Tags, "size zero");

    [Fact]
    public void StorageOutsideRamIsRefused() => Refused(Board(Good().Wide("reg", 0xf0000000, 32 * MiB)), Tags, "not inside the RAM");

    private static NodeSketch Good() => Storage("tags@c0000000", 0xc0000000, 32 * MiB, 0x80000000);

    private static NodeSketch Storage(string name, ulong start, ulong bytes, ulong storageBase) =>
        TagNode(name, start, bytes).Wide("storage-base", storageBase);

    private static NodeSketch Board(params NodeSketch[] storage) => Root(
        Ram(0x80000000, GiB).Flag("arm,mte-alloc"),
        Ram(0xc0000000, 32 * MiB).Flag("arm,mte-alloc").Flag("arm,no-mte"),
        ReservedMemory(storage));
}
