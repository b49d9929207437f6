using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Tests.Dram;

namespace Palimpsest.Machine.Tests.Caches;

public sealed class DetectorTests
{
    public static TheoryData<int, int> Geometries() => SmallMachine.AllGeometries();

    // The tag lines of one frame of a block are told from those of the others, cached before or after the declaration.
    [Theory]
    [MemberData(nameof(Geometries))]
    public void TagsInAFrameDeclaredAsDataAreReported(int pageBytes, int blockFrames)
    {
        foreach (bool isCachedFirst in new[] { false, true })
        {
            for (int frame = 0; frame < blockFrames; frame++)
            {
                TaggedMemory memory = SmallMachine.Memory(pageBytes, blockFrames);
                int unreserved = memory.Layout.Storage[0].FirstFrame + frame;
                byte[] packed = new byte[pageBytes / 32];
                for (int data = 0; isCachedFirst && data < 32 * blockFrames; data++)
                {
                    memory.ReadTags(data, packed);
                }

                memory.SetContent(unreserved, StorageContent.Data);
                long expected = 0;
                for (int granule = 0; granule < 32 * blockFrames * pageBytes / 16; granule += 97)
                {
                    (int data, int inFrame) = Math.DivRem(granule, pageBytes / 16);
                    expected += memory.Map.PlaceOf(data, inFrame).StorageFrame == unreserved ? 1 : 0;
                    memory.ReadTag(data, inFrame);
                    Assert.Equal(expected, memory.Corruptions.Count(CorruptionKind.TagReadFromUnreserved));
                }

                Assert.NotEqual(0, expected);
                memory.SetContent(unreserved, StorageContent.Tags);
                memory.ReadTag(0, 0);
                Assert.Equal(expected, memory.Corruptions.Total);
            }
        }
    }

    [Fact]
    public void EveryTagStoreToUnreservedStorageIsReportedByLine()
    {
        TaggedMemory memory = SmallMachine.Memory();
        int storage = memory.Layout.Storage[0].FirstFrame;
        memory.SetContent(storage, StorageContent.Data);

        memory.WriteTag(2, 200, 1);
        memory.ClearTags(3);

        Assert.Equal(
            [
                new Corruption(CorruptionKind.TagWriteToUnreserved, storage, 5, 0),
                new Corruption(CorruptionKind.TagWriteToUnreserved, storage, 6, 1),
                new Corruption(CorruptionKind.TagWriteToUnreserved, storage, 7, 2),
            ],
            memory.Corruptions.First);
    }

    [Fact]
    public void RecordsAreBoundedAndCountsAreExact()
    {
        TaggedMemory memory = SmallMachine.Memory(options: new TaggedMemoryOptions { MostCorruptions = 3 });
        memory.SetContent(memory.Layout.Storage[0].FirstFrame, StorageContent.Data);
        for (int granule = 0; granule < 10; granule++)
        {
            memory.ReadTag(0, granule);
        }

        Assert.Equal(3, memory.Corruptions.First.Count);
        Assert.Equal(10, memory.Corruptions.Total);
        Assert.Equal(10, memory.Corruptions.Count(CorruptionKind.TagReadFromUnreserved));
    }

    [Fact]
    public void OnlyTagStorageHasAContent()
    {
        TaggedMemory memory = SmallMachine.Memory();

        Assert.Throws<ArgumentOutOfRangeException>(() => memory.SetContent(0, StorageContent.Data));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.ContentOf(0));
        Assert.Equal(StorageContent.Tags, memory.ContentOf(memory.Layout.Storage[0].FirstFrame));
    }

    // The fifth frame of storage in blocks of two holds no tags, so it can hold data without being in anybody's way.
    [Fact]
    public void StorageThatIsNoWholeBlockIsInNobodysWay()
    {
        TaggedMemory memory = new(SmallMachine.Ragged(), new TaggedMemoryOptions());
        memory.SetContent(memory.Layout.Storage[0].FirstFrame + 4, StorageContent.Data);
        for (int frame = 0; frame < 32 * 5; frame++)
        {
            memory.ClearTags(frame);
        }

        Assert.Equal(0, memory.Corruptions.Total);
        Assert.Equal(32 * 4 * 2, memory.DirtyLines);
    }

    [Fact]
    public void AMachineWithoutStorageIsPlainMemory()
    {
        TaggedMemory memory = new(SmallMachine.WithoutStorage(), new TaggedMemoryOptions());

        memory.Store64(3, 8, 5);
        memory.WriteTag(3, 0, 5);
        memory.InvalidateData(3);

        Assert.Equal(5UL, memory.Load64(3, 8));
        Assert.Equal(0, memory.ReadTag(3, 0));
        Assert.False(memory.HasTags(3));
    }
}
