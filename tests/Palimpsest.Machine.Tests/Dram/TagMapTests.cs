using Palimpsest.Machine.Dram;
using Palimpsest.Machine.Memory;

namespace Palimpsest.Machine.Tests.Dram;

public sealed class TagMapTests
{
    public static TheoryData<int, int> Geometries() => SmallMachine.AllGeometries();

    [Theory]
    [MemberData(nameof(Geometries))]
    public void TheTagsOfABlockFillItExactly(int pageBytes, int blockFrames)
    {
        MemoryLayout layout = SmallMachine.Layout(pageBytes, blockFrames);
        TagMap map = new(layout);
        StorageRun run = layout.Storage[0];
        for (int block = 0; block < 2; block++)
        {
            int first = run.FirstFrame + (block * blockFrames);
            bool[] taken = new bool[blockFrames * pageBytes * 2];
            for (int index = 0; index < 32 * blockFrames; index++)
            {
                int frame = run.FirstCovered + (block * 32 * blockFrames) + index;
                for (int granule = 0; granule < pageBytes / 16; granule++)
                {
                    TagPlace place = map.PlaceOf(frame, granule);
                    int nibble = ((((place.StorageFrame - first) * pageBytes) + place.Offset) * 2) + (place.Shift / 4);
                    Assert.False(taken[nibble]);
                    taken[nibble] = true;
                }
            }

            Assert.DoesNotContain(false, taken);
        }
    }

    [Fact]
    public void WithoutInterleaveTheTagByteIsTheAddressOver32()
    {
        MemoryLayout layout = SmallMachine.Layout();
        TagMap map = new(layout);
        int storage = layout.Storage[0].FirstFrame;

        Assert.Equal(new TagPlace(storage, 0, 0), map.PlaceOf(0, 0));
        Assert.Equal(new TagPlace(storage, 0, 4), map.PlaceOf(0, 1));
        Assert.Equal(new TagPlace(storage, 127, 4), map.PlaceOf(0, 255));
        Assert.Equal(new TagPlace(storage, 128, 0), map.PlaceOf(1, 0));
        Assert.Equal(new TagPlace(storage + 1, (5 * 128) + 3, 0), map.PlaceOf(32 + 5, 6));
    }

    [Fact]
    public void TagLinesTakeTurnsOverTheFramesOfABlock()
    {
        MemoryLayout layout = SmallMachine.Layout(blockFrames: 3);
        TagMap map = new(layout);
        int storage = layout.Storage[0].FirstFrame;

        Assert.Equal(new TagPlace(storage, 0, 0), map.PlaceOf(0, 0));
        Assert.Equal(new TagPlace(storage + 1, 0, 0), map.PlaceOf(0, 128));
        Assert.Equal(new TagPlace(storage + 2, 0, 0), map.PlaceOf(1, 0));
        Assert.Equal(new TagPlace(storage, 64, 0), map.PlaceOf(1, 128));
    }

    [Fact]
    public void RegionsKeepToTheirOwnStorage()
    {
        MemoryLayout layout = SmallMachine.TwoRegions();
        TagMap map = new(layout);
        foreach (StorageRun run in layout.Storage)
        {
            int last = run.FirstCovered + run.CoveredFrames - 1;
            Assert.Equal(run.FirstFrame, map.PlaceOf(run.FirstCovered, 0).StorageFrame);
            Assert.Equal(run.FirstFrame + run.Frames - 1, map.PlaceOf(last, 255).StorageFrame);
            Assert.False(map.IsCovered(run.FirstFrame));
            Assert.True(map.IsStorage(run.FirstFrame + run.Frames - 1));
        }

        Assert.False(map.IsCovered(layout.Frames - 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.PlaceOf(layout.Frames - 1, 0));
    }

    // Five frames of storage hold two blocks of two; the data of the fifth cannot have tags.
    [Fact]
    public void StorageThatIsNoWholeBlockHoldsNoTags()
    {
        MemoryLayout layout = SmallMachine.Ragged();
        TagMap map = new(layout);

        Assert.True(map.IsCovered((32 * 4) - 1));
        Assert.False(map.IsCovered(32 * 4));
        Assert.True(map.IsStorage(layout.Storage[0].FirstFrame + 4));
    }

    [Fact]
    public void StorageThatTheMapCoversHasNoTags()
    {
        TagMap map = new(SmallMachine.CarveOutWithin());

        Assert.True(map.IsCovered(123));
        Assert.False(map.IsCovered(124));
        Assert.True(map.IsStorage(127));
    }
}
