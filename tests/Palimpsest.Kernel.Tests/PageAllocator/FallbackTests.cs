using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>A type whose lists are empty takes from others: which, which chunk, and how much of the block (6.1).</summary>
public sealed class FallbackTests
{
    // Pageblocks of 64 frames: order 3 is half of a block's order, as 4 is of 9.
    private readonly TinyZone _zone = new(frames: 512, pageBlockOrder: 6);

    [Theory]
    [InlineData(MigrateType.Unmovable, MigrateType.Reclaimable)]
    [InlineData(MigrateType.Movable, MigrateType.Reclaimable)]
    [InlineData(MigrateType.Reclaimable, MigrateType.Unmovable)]
    public void EachTypeHasItsFirstChoice(MigrateType asks, MigrateType gives)
    {
        foreach (MigrateType type in new[] { MigrateType.Unmovable, MigrateType.Movable, MigrateType.Reclaimable })
        {
            _zone.SetBlocks(type, new Frame(64 * (int)type), 64);
            if (type != asks)
            {
                _zone.Free(new Frame(64 * (int)type), order: 2);
            }
        }

        Assert.Equal(64 * (int)gives, _zone.Take(0, asks).Index);
    }

    [Theory]
    [InlineData(MigrateType.Cma)]
    [InlineData(MigrateType.HighAtomic)]
    [InlineData(MigrateType.Metadata)]
    public void NobodyStealsFromSpecialTypes(MigrateType special)
    {
        _zone.SetBlocks(special, new Frame(0), 64);
        _zone.Free(new Frame(0), order: 6);

        Assert.Equal(-1, _zone.Take(0, MigrateType.Unmovable).Index);
        Assert.Equal(-1, _zone.Take(0, MigrateType.Movable).Index);
    }

    [Fact]
    public void TheLargestChunkIsTakenFirst()
    {
        _zone.FreeEach(1);
        _zone.Free(new Frame(64), order: 3);
        _zone.Free(new Frame(128), order: 5);

        Assert.Equal(128, _zone.Take(0, MigrateType.Unmovable).Index);
    }

    [Fact]
    public void AMovableRequestSplitsTheSmallestWhereNoBlockIsToBeHad()
    {
        _zone.SetBlocks(MigrateType.Unmovable, new Frame(0), 512);
        _zone.FreeEach(1);
        _zone.Free(new Frame(64), order: 2);

        Assert.Equal(1, _zone.Take(0, MigrateType.Movable).Index);
        Assert.Equal("2: 64", _zone.Picture(MigrateType.Unmovable));
        Assert.Equal(MigrateType.Unmovable, _zone.Frames.BlockType(new Frame(1)));
    }

    [Fact]
    public void AMovableRequestMayTakeABlockFromHalfItsOrderOn()
    {
        _zone.SetBlocks(MigrateType.Unmovable, new Frame(0), 512);
        _zone.FreeEach(1);
        _zone.Free(new Frame(64), order: 3);

        Assert.Equal(64, _zone.Take(0, MigrateType.Movable).Index);
    }

    [Fact]
    public void AWholeBlockChangesItsType()
    {
        _zone.Free(new Frame(64), order: 6);
        _zone.Take(0, MigrateType.Unmovable);

        Assert.Equal(MigrateType.Unmovable, _zone.Frames.BlockType(new Frame(64)));
        Assert.Equal("0: 65 | 1: 66 | 2: 68 | 3: 72 | 4: 80 | 5: 96", _zone.Picture(MigrateType.Unmovable));
        Assert.Equal(0, _zone.Zone.WatermarkBoost);
    }

    [Fact]
    public void AChunkOfTwoBlocksChangesBoth()
    {
        _zone.Free(new Frame(128), order: 7);
        _zone.Take(0, MigrateType.Unmovable);

        Assert.Equal(MigrateType.Unmovable, _zone.Frames.BlockType(new Frame(128)));
        Assert.Equal(MigrateType.Unmovable, _zone.Frames.BlockType(new Frame(192)));
    }

    [Theory]
    [InlineData(32, 0, MigrateType.Unmovable)]
    [InlineData(16, 16, MigrateType.Unmovable)]
    [InlineData(16, 15, MigrateType.Movable)]
    public void ABlockHalfFreeOrAlikeIsClaimed(int free, int unmovable, MigrateType becomes)
    {
        _zone.Free(new Frame(64), order: System.Numerics.BitOperations.Log2((uint)free));
        for (Frame frame = new(127); frame.Index > 127 - unmovable; frame--)
        {
            _zone.Frames[frame].Clear(FrameFlags.Movable);
        }

        Assert.Equal(64, _zone.Take(0, MigrateType.Unmovable).Index);

        Assert.Equal(becomes, _zone.Frames.BlockType(new Frame(64)));
        Assert.Equal("", _zone.Picture(MigrateType.Movable));
    }

    [Fact]
    public void AStealMovesAllThatIsFreeInTheBlock()
    {
        _zone.Free(new Frame(64), order: 4);
        _zone.FreeEach(100, 110);

        // The largest chunk decides which block is robbed; the request is then served with the smallest.
        Assert.Equal(100, _zone.Take(0, MigrateType.Unmovable).Index);
        Assert.Equal("0: 110 | 4: 64", _zone.Picture(MigrateType.Unmovable));
        Assert.Equal("", _zone.Picture(MigrateType.Movable));
    }

    [Fact]
    public void ASmallStealRaisesTheWatermarksByABlockUpToAHalfAboveHigh()
    {
        _zone.Zone.Watermarks = new Watermarks(10, 20, 60);
        _zone.Free(new Frame(64), order: 2);
        _zone.FreeEach(130, 200);
        _zone.Take(2, MigrateType.Unmovable);

        Assert.Equal(64, _zone.Zone.WatermarkBoost);

        _zone.Take(0, MigrateType.Unmovable);

        Assert.Equal(90, _zone.Zone.WatermarkBoost);
    }

    [Fact]
    public void ARequestThatAvoidsFragmentationTakesWholeBlocksOnly()
    {
        _zone.Free(new Frame(64), order: 5);
        TakeRequest careful = TinyZone.Request(0, MigrateType.Unmovable) with { NoFragment = true };

        Assert.Equal(-1, _zone.Lists.Take(_zone.Zone, careful).Index);

        _zone.Free(new Frame(128), order: 6);

        Assert.Equal(128, _zone.Lists.Take(_zone.Zone, careful).Index);
    }

    [Fact]
    public void EachStealIsCounted()
    {
        _zone.Free(new Frame(64), order: 6);
        _zone.Take(0, MigrateType.Unmovable);
        _zone.Take(0, MigrateType.Unmovable);

        Assert.Equal(1, _zone.Counters.ExternalFragmentation);
    }
}
