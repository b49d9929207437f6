using CsCheck;
using Palimpsest.Machine.Memory;
using Palimpsest.Machine.Tests.DeviceTree;
using Palimpsest.Vocabulary;
using static Palimpsest.Machine.Tests.Memory.BoardSketch;

namespace Palimpsest.Machine.Tests.Memory;

/// <summary>The tags of a data frame are in the block at offset / 32 rounded down, before and after a zone split.</summary>
public sealed class LinearMapLaws
{
    private const ulong ZoneBoundary = 4 * GiB;
    private static readonly Gen<(int Page, ulong Block)> Geometry = Gen.Select(
        Gen.Int[0, 2].Select(index => new[] { 4096, 16384, 65536 }[index]), Gen.Int[1, 8].Select(pages => (ulong)pages * 4096));

    [Fact]
    public void EveryFrameHasItsBlockInsideTheStorage() =>
        Law.Holds(Gen.Select(Geometry, Gen.ULong[1, 200], Gen.ULong), 2000, drawn =>
        {
            ((int page, ulong blockBytes), ulong blocks, ulong pick) = drawn;
            PageGeometry geometry = PageGeometry.For(page);
            var block = (ulong)TagBlockSize.Frames(page, blockBytes);
            ulong storageFrames = blocks * block;
            TagStorageSpan span = Span(geometry, 0x10000, storageFrames, blockBytes);
            ulong offset = pick % (storageFrames * 32);

            PfnRange found = span.BlockOf(geometry.PfnOf(span.Covered.Start) + offset, geometry);

            ulong expected = 0x10000 + ((offset / 32) - (offset / 32 % block));
            Assert.Equal(new PfnRange(new Pfn(expected), new Pfn(expected + block)), found);
            Assert.True(new PfnRange(new Pfn(0x10000), new Pfn(0x10000 + storageFrames)).Contains(found));
        });

    // Storage of 64 MiB around the 4 GiB boundary, so that the split falls anywhere that is a whole block.
    [Fact]
    public void AZoneSplitMovesNoTags() =>
        Law.Holds(Gen.Select(Gen.ULong[1, 31], Gen.Int[0, 3], Gen.ULong[0, (2 * GiB / 4096) - 1].Array[20]), 200, drawn =>
        {
            (ulong pageBlocksBelow, int blockLog2, ulong[] offsets) = drawn;
            ulong start = ZoneBoundary - (pageBlocksBelow * 2 * MiB);
            uint blockBytes = 0x1000u << blockLog2;
            MemoryBoard board = Read(Root(
                Ram(0x40000000, 2 * GiB, phandle: 1), RootTags(start, 64 * MiB, memory: 1, blockBytes)));
            Assert.Equal(2, board.TagStorage.Count);
            BoardAudit.Check(board, PageGeometry.Page4K);

            var whole = new TagStorageSpan(Range(start, 64 * MiB), Range(0x40000000, 2 * GiB), blockBytes, IsAssumed: false, "whole");
            foreach (Pfn frame in Edges(board).Concat(offsets.Select(offset => new Pfn(0x40000 + offset))))
            {
                TagStorageSpan piece = board.TagStorage.Single(span => Frames(span.Covered).Contains(frame));
                Assert.Equal(whole.BlockOf(frame, PageGeometry.Page4K), piece.BlockOf(frame, PageGeometry.Page4K));
                Assert.True(Frames(piece.Storage).Contains(piece.BlockOf(frame, PageGeometry.Page4K)));
            }
        });

    [Fact]
    public void ASplitInsideABlockIsRefused() => Refused(
        Root(Ram(0x40000000, 1536 * MiB, phandle: 1), RootTags(ZoneBoundary - (2 * MiB), 48 * MiB, memory: 1, blockBytes: 0x3000)),
        "/tag-storage@ffe00000", "the zone boundary 0x100000000 cuts a block of 12 KiB");

    [Fact]
    public void ASplitThatMakesTooManyRegionsIsRefused()
    {
        NodeSketch root = Root();
        for (uint i = 0; i < 32; i++)
        {
            bool isCut = i == 0;
            ulong storage = isCut ? ZoneBoundary - (2 * MiB) : (8 * GiB) + (i * 128 * MiB) + (64 * MiB);
            root.Child(Ram(isCut ? 0x40000000 : (8 * GiB) + (i * 128 * MiB), isCut ? 128 * MiB : 64 * MiB, phandle: i + 1));
            root.Child(RootTags(storage, isCut ? 4 * MiB : 2 * MiB, memory: i + 1));
        }

        Refused(root, "more than 32 tag storage regions");
    }

    [Fact]
    public void StorageBeyondItsMemoryIsDroppedByTheSplit()
    {
        MemoryBoard board = Read(Root(
            Ram(0x40000000, 64 * MiB, phandle: 1), Ram(ZoneBoundary - (16 * MiB), 32 * MiB),
            ReservedMemory(ReservedTags(ZoneBoundary - (2 * MiB), 4 * MiB, memory: 1))));
        Assert.Equal(Range(ZoneBoundary - (2 * MiB), 2 * MiB), Assert.Single(board.TagStorage).Storage);
    }

    private static IEnumerable<Pfn> Edges(MemoryBoard board) => board.TagStorage
        .Select(span => Frames(span.Covered))
        .SelectMany(frames => new[] { frames.Start, new Pfn(frames.End.Value - 1) });

    private static PfnRange Frames(PhysicalRange range) =>
        new(new Pfn(range.Start.Value / 4096), new Pfn(range.End / 4096));

    private static TagStorageSpan Span(PageGeometry geometry, ulong firstStorage, ulong storageFrames, ulong blockBytes)
    {
        ulong firstData = firstStorage + storageFrames;
        return new TagStorageSpan(
            Range(geometry.BytesOf(firstStorage), geometry.BytesOf(storageFrames)),
            Range(geometry.BytesOf(firstData), geometry.BytesOf(storageFrames * 32)),
            blockBytes, IsAssumed: false, "span");
    }
}
