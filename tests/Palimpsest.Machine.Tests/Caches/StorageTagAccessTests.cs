using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Tests.Dram;

namespace Palimpsest.Machine.Tests.Caches;

/// <summary>The four ways in which hardware may answer a tag access to tag storage.</summary>
public sealed class StorageTagAccessTests
{
    [Fact]
    public void IgnoredStoresAreDropped()
    {
        TaggedMemory memory = With(StorageTagAccess.Ignored, out int storage);

        Assert.False(memory.HasTags(storage));
        Assert.True(memory.WriteTag(storage, 7, 9));
        Assert.Equal(0, memory.ReadTag(storage, 7));
        AssertNothingElseChanged(memory);
    }

    [Fact]
    public void FaultsAreReportedAndChangeNothing()
    {
        TaggedMemory memory = With(StorageTagAccess.Fault, out int storage);
        byte[] packed = new byte[128];

        Assert.False(memory.HasTags(storage));
        Assert.False(memory.WriteTag(storage, 7, 9));
        Assert.Equal(-1, memory.ReadTag(storage, 7));
        Assert.False(memory.ReadTags(storage, packed));
        Assert.False(memory.WriteTags(storage, packed));
        Assert.False(memory.ClearTags(storage));
        Assert.True(memory.WriteTag(0, 7, 9));
        Assert.Equal(9, memory.ReadTag(0, 7));
    }

    [Fact]
    public void TagsOfTagStorageLieInASecondCarveOut()
    {
        TaggedMemory memory = With(StorageTagAccess.TagOfTag, out int storage);
        byte[] packed = new byte[128];

        Assert.True(memory.HasTags(storage));
        Assert.True(memory.WriteTag(storage, 7, 9));
        Assert.True(memory.WriteTag(storage + 1, 7, 4));
        Assert.Equal(9, memory.ReadTag(storage, 7));
        Assert.True(memory.ReadTags(storage, packed));
        Assert.Equal(0x90, packed[3]);
        memory.ClearTags(storage);
        Assert.Equal(0, memory.ReadTag(storage, 7));
        Assert.Equal(4, memory.ReadTag(storage + 1, 7));
        AssertNothingElseChanged(memory);
    }

    // Two frames of storage above the 64 that they cover: the map puts their tags behind them, which wraps to frame 2.
    [Fact]
    public void AMisconfiguredMachineCorruptsOtherMemory()
    {
        TaggedMemory memory = With(StorageTagAccess.Misconfigured, out int storage);
        byte[] ones = new byte[4096];
        ones.AsSpan().Fill(255);
        memory.Write(2, 0, ones);

        Assert.Equal(15, memory.ReadTag(storage, 7));
        Assert.True(memory.WriteTag(storage, 7, 9));
        memory.ClearTags(storage + 1);

        Assert.False(memory.HasTags(storage));
        Assert.Equal(9, memory.ReadTag(storage, 7));
        Assert.Equal(0xFFFFFFFF9FFFFFFFUL, memory.Load64(2, 0));
        Assert.Equal(ulong.MaxValue, memory.Load64(2, 120));
        Assert.Equal(0UL, memory.Load64(2, 128));
        Assert.Equal(ulong.MaxValue, memory.Load64(2, 256));
    }

    [Fact]
    public void MemoryWithoutStorageHasNoTags()
    {
        TaggedMemory memory = SmallMachine.Memory();
        int padding = memory.Layout.Frames - 1;

        Assert.False(memory.HasTags(padding));
        Assert.True(memory.WriteTag(padding, 0, 3));
        Assert.Equal(0, memory.ReadTag(padding, 0));
    }

    private static TaggedMemory With(StorageTagAccess access, out int storage)
    {
        TaggedMemory memory = SmallMachine.Memory(options: new TaggedMemoryOptions { StorageTags = access });
        storage = memory.Layout.Storage[0].FirstFrame;
        return memory;
    }

    private static void AssertNothingElseChanged(TaggedMemory memory)
    {
        memory.WriteBackAll();
        Assert.Equal(0, memory.Dram.TouchedPages);
        Assert.Equal(0, memory.Counters.TagWriteBacks);
    }
}
