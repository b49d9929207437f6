using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>Chunks merge with their buddies, split from the left, and lie on their lists as in mm/page_alloc.c, 6.1.</summary>
public sealed class BuddyTests
{
    private readonly TinyZone _zone = new();

    [Fact]
    public void AFreedFrameGoesToTheHeadOfItsList()
    {
        _zone.FreeEach(0, 2, 8);

        Assert.Equal("0: 8 2 0", _zone.Picture());
    }

    [Fact]
    public void FreeBuddiesMergeUpToTheLargestTheyCan()
    {
        _zone.FreeEach(0, 1, 2, 3, 4, 5, 6, 7);

        Assert.Equal("3: 0", _zone.Picture());
        Assert.Equal(8, _zone.Zone.FreeFrames);
    }

    [Fact]
    public void NeighboursThatAreNoBuddiesStayApart()
    {
        _zone.FreeEach(1, 2);

        Assert.Equal("0: 2 1", _zone.Picture());
    }

    [Fact]
    public void AChunkWhoseParentsBuddyIsFreeGoesToTheTail()
    {
        _zone.FreeEach(8, 2, 3);
        _zone.FreeEach(0);

        // 2-3 are free: when 1 follows, 0-3 will merge. So 0 is to be used last.
        Assert.Equal("0: 8 0 | 1: 2", _zone.Picture());
    }

    [Fact]
    public void AMergedChunkIsPlacedByItsOwnParentsBuddy()
    {
        _zone.FreeEach(16, 17, 4, 5, 6, 7);
        _zone.FreeEach(0);
        _zone.FreeEach(1);

        Assert.Equal("1: 16 0 | 2: 4", _zone.Picture());
    }

    [Fact]
    public void APutBackGoesToTheTail()
    {
        _zone.FreeEach(0, 8);
        _zone.Buddy.Free(new Frame(16), 0, MigrateType.Movable, toTail: true);

        Assert.Equal("0: 8 0 16", _zone.Picture());
    }

    [Fact]
    public void TheFirstChunkThatIsLargeEnoughIsTakenAndItsUpperHalvesAreFreed()
    {
        _zone.Free(new Frame(16), 4);

        Assert.Equal(16, _zone.Take(0).Index);
        Assert.Equal("0: 17 | 1: 18 | 2: 20 | 3: 24", _zone.Picture());
        Assert.Equal(15, _zone.Zone.FreeFrames);
    }

    [Fact]
    public void ASmallChunkIsPreferredToALargeOne()
    {
        _zone.Free(new Frame(16), 3);
        _zone.FreeEach(1);

        Assert.Equal(1, _zone.Take(0).Index);
        Assert.Equal(16, _zone.Take(0).Index);
    }

    [Fact]
    public void RemaindersGoToTheHeadsOfTheirLists()
    {
        _zone.FreeEach(3);
        _zone.Free(new Frame(32), 2);
        _zone.Take(0);
        _zone.Take(0);

        Assert.Equal("0: 33 | 1: 34", _zone.Picture());

        _zone.Free(new Frame(40), 1);
        _zone.Take(0);
        _zone.Take(1);

        Assert.Equal("1: 34", _zone.Picture());
    }

    [Fact]
    public void TakeExactFreesWhatLiesOnBothSides()
    {
        _zone.Free(new Frame(16), 4);

        Assert.True(_zone.Buddy.TakeExact(new Frame(21), 0));
        _zone.Use(new Frame(21), 0);

        Assert.Equal("0: 20 | 1: 22 | 2: 16 | 3: 24", _zone.Picture());
        Assert.Equal(15, _zone.Zone.FreeFrames);
        Assert.Empty(_zone.Audit());
    }

    [Fact]
    public void TakeExactRefusesFramesOfTwoChunks()
    {
        _zone.Free(new Frame(0), 1);
        _zone.FreeEach(4, 5, 6);

        Assert.False(_zone.Buddy.TakeExact(new Frame(4), 2));
        Assert.False(_zone.Buddy.TakeExact(new Frame(2), 1));
        Assert.Equal("0: 6 | 1: 4 0", _zone.Picture());
    }

    [Theory]
    [InlineData(MigrateType.Unmovable, true)]
    [InlineData(MigrateType.Reclaimable, true)]
    [InlineData(MigrateType.HighAtomic, false)]
    [InlineData(MigrateType.Cma, false)]
    [InlineData(MigrateType.Metadata, false)]
    [InlineData(MigrateType.Isolate, false)]
    public void PageblocksMergeUnlessATypeKeepsToItself(MigrateType neighbour, bool merges)
    {
        _zone.SetBlocks(neighbour, new Frame(8), 8);
        _zone.Free(new Frame(8), 3);
        _zone.Free(new Frame(0), 3);

        Assert.Equal(merges ? "4: 0" : "3: 0", _zone.Picture());
    }

    [Fact]
    public void BlocksOfOneSpecialTypeMerge()
    {
        _zone.SetBlocks(MigrateType.Cma, new Frame(0), 16);
        _zone.Free(new Frame(8), 3);
        _zone.Free(new Frame(0), 3);

        Assert.Equal("4: 0", _zone.Picture(MigrateType.Cma));
        Assert.Equal(16, _zone.Zone.FreeCmaFrames);
    }

    [Fact]
    public void IsolatedFramesAreNotFree()
    {
        _zone.SetBlocks(MigrateType.Isolate, new Frame(8), 8);
        _zone.Free(new Frame(8), 3);

        Assert.Equal("3: 8", _zone.Picture(MigrateType.Isolate));
        Assert.Equal(0, _zone.Zone.FreeFrames);
    }

    [Fact]
    public void ALargeChunkFreedAcrossTheEdgeOfAnIsolatedBlockIsCut()
    {
        _zone.SetBlocks(MigrateType.Isolate, new Frame(8), 8);
        _zone.Zone.IsolatedBlocks = 1;
        _zone.Use(new Frame(0), 4);
        _zone.Buddy.Free(new Frame(0), 4, MigrateType.Movable);

        Assert.Equal("3: 0", _zone.Picture());
        Assert.Equal("3: 8", _zone.Picture(MigrateType.Isolate));
        Assert.Equal(8, _zone.Zone.FreeFrames);
    }

    [Fact]
    public void MovingABlockAppendsItsChunksInOrderOfAddress()
    {
        _zone.FreeEach(21, 16, 17, 19);
        _zone.FreeEach(1);

        (int moved, int movable) = _zone.Buddy.MoveBlock(_zone.Zone, new Frame(20), MigrateType.Unmovable);

        Assert.Equal((4, 4), (moved, movable));
        Assert.Equal("0: 19 21 | 1: 16", _zone.Picture(MigrateType.Unmovable));
        Assert.Equal("0: 1", _zone.Picture());
    }
}
