using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Dram;
using Palimpsest.Machine.Tests.Dram;

namespace Palimpsest.Machine.Tests.Caches;

/// <summary>
/// The two invalidations that the kernel owes (races R9 and R10 of the proposal's reviews): with them nothing is lost,
/// without either a line that is written back late destroys what somebody reads back.
/// </summary>
public sealed class ProtocolTests
{
    private const int DataFrame = 3;

    public static TheoryData<int, int> Geometries() => SmallMachine.AllGeometries();

    [Theory]
    [MemberData(nameof(Geometries))]
    public void TagsNotInvalidatedWhenTheBlockIsLentOverwriteItsData(int pageBytes, int blockFrames)
    {
        TaggedMemory memory = SmallMachine.Memory(pageBytes, blockFrames);
        int storage = LendAfterTagging(memory, isInvalidating: false);

        memory.WriteBackAll();
        memory.CleanInvalidateData(storage);

        Assert.Equal(1, memory.Corruptions.Count(CorruptionKind.TagWriteBackIntoData));
        Assert.NotEqual(ulong.MaxValue, memory.Load64(storage, memory.Map.PlaceOf(DataFrame, 0).Offset));
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void TagsInvalidatedWhenTheBlockIsLentLeaveItsDataAlone(int pageBytes, int blockFrames)
    {
        TaggedMemory memory = SmallMachine.Memory(pageBytes, blockFrames);
        int storage = LendAfterTagging(memory, isInvalidating: true);

        memory.WriteBackAll();
        memory.CleanInvalidateData(storage);

        Assert.Equal(0, memory.Corruptions.Total);
        Assert.Equal(ulong.MaxValue, memory.Load64(storage, memory.Map.PlaceOf(DataFrame, 0).Offset));
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void DataNotInvalidatedBeforeTheFirstTagOverwritesTags(int pageBytes, int blockFrames)
    {
        TaggedMemory memory = SmallMachine.Memory(pageBytes, blockFrames);
        int storage = ReserveAfterUse(memory, isInvalidating: false);

        Assert.Equal(15, memory.ReadTag(DataFrame, 0));
        Assert.Equal(1, memory.Corruptions.Count(CorruptionKind.DataWriteBackIntoTags));
        Assert.Equal(storage, memory.Corruptions.First[0].StorageFrame);
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void DataInvalidatedBeforeTheFirstTagLeavesTagsAlone(int pageBytes, int blockFrames)
    {
        TaggedMemory memory = SmallMachine.Memory(pageBytes, blockFrames);
        ReserveAfterUse(memory, isInvalidating: true);

        Assert.Equal(5, memory.ReadTag(DataFrame, 0));
        Assert.Equal(0, memory.Corruptions.Total);
    }

    // Within one step of the kernel no cache comes in between: the order is seen when the page turns.
    [Fact]
    public void ALineThatIsDirtyWhenItsPageTurnsIsSeenAtOnce()
    {
        TaggedMemory memory = SmallMachine.Memory();
        int storage = memory.Layout.Storage[0].FirstFrame;
        memory.WriteTag(DataFrame, 0, 5);

        memory.SetContent(storage, StorageContent.Data);

        Assert.Equal(1, memory.Corruptions.Count(CorruptionKind.TagLineLeftBehind));
        memory.InvalidateTags(DataFrame);
        memory.Store64(storage, 0, ulong.MaxValue);
        memory.SetContent(storage, StorageContent.Tags);
        Assert.Equal(1, memory.Corruptions.Count(CorruptionKind.DataLineLeftBehind));
        memory.InvalidateData(storage);
        memory.SetContent(storage, StorageContent.Data);
        Assert.Equal(2, memory.Corruptions.Total);
    }

    // A machine whose invalidation cleans keeps both only if it is done before the new owner writes.
    [Fact]
    public void AnInvalidationThatCleansComesTooLateAfterTheNewOwnerWrote()
    {
        TaggedMemory memory = SmallMachine.Memory(options: new TaggedMemoryOptions { InvalidateCleans = true });
        int storage = LendAfterTagging(memory, isInvalidating: false);
        memory.CleanInvalidateData(storage);

        memory.InvalidateTags(DataFrame);

        Assert.Equal(1, memory.Corruptions.Count(CorruptionKind.TagWriteBackIntoData));
        Assert.NotEqual(ulong.MaxValue, memory.Load64(storage, memory.Map.PlaceOf(DataFrame, 0).Offset));
    }

    // Architecture note: clean data lines refilled while the page holds tags are harmless until they are hit.
    [Fact]
    public void ACleanLineOfTheOtherViewIsHitStale()
    {
        TaggedMemory memory = SmallMachine.Memory();
        int storage = memory.Layout.Storage[0].FirstFrame;
        Assert.Equal(0UL, memory.Load64(storage, 3 * 128));

        memory.WriteTag(DataFrame, 0, 5);
        memory.WriteBackAll();

        Assert.Equal(5, memory.Dram.Peek(storage)[3 * 128]);
        Assert.Equal(0UL, memory.Load64(storage, 3 * 128));
        memory.InvalidateData(storage);
        Assert.Equal(5UL, memory.Load64(storage, 3 * 128));
    }

    /// <summary>Tags a page, lends the frame that holds the tag, and lets its new owner write ones into all of it.</summary>
    private static int LendAfterTagging(TaggedMemory memory, bool isInvalidating)
    {
        TagPlace place = memory.Map.PlaceOf(DataFrame, 0);
        memory.WriteTag(DataFrame, 0, 5);
        if (isInvalidating)
        {
            memory.InvalidateTags(DataFrame);
        }

        memory.SetContent(place.StorageFrame, StorageContent.Data);
        byte[] ones = new byte[memory.Layout.Geometry.PageBytes];
        ones.AsSpan().Fill(255);
        memory.Write(place.StorageFrame, 0, ones);
        memory.Maintain(CacheMaintenance.Cvac, place.StorageFrame);
        return place.StorageFrame;
    }

    /// <summary>Writes a frame of lent storage, reserves it, stores a tag, and lets the tag reach DRAM before the old data does.</summary>
    private static int ReserveAfterUse(TaggedMemory memory, bool isInvalidating)
    {
        TagPlace place = memory.Map.PlaceOf(DataFrame, 0);
        memory.SetContent(place.StorageFrame, StorageContent.Data);
        memory.Store64(place.StorageFrame, place.Offset & ~7, ulong.MaxValue);
        if (isInvalidating)
        {
            memory.InvalidateData(place.StorageFrame);
        }

        memory.SetContent(place.StorageFrame, StorageContent.Tags);
        memory.WriteTag(DataFrame, 0, 5);
        memory.CleanInvalidateTags(DataFrame);
        memory.WriteBackAll();
        return place.StorageFrame;
    }
}
