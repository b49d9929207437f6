using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator;

/// <summary>A type whose lists are empty claims a block of another, or steals a chunk and leaves the block alone (6.12).</summary>
public sealed class ClaimingTests
{
    // Pageblocks of 64 frames: order 3 is half of a block's order, as 4 is of 9.
    private readonly TinyZone _zone = new(frames: 512, pageBlockOrder: 6, rules: new Linux612());

    [Fact]
    public void ABlockThatIsHalfFreeIsClaimedAndItsSmallestChunkTaken()
    {
        _zone.Free(new Frame(64), order: 5);
        _zone.Free(new Frame(100), order: 1);

        Assert.Equal(100, _zone.Take(1, MigrateType.Unmovable).Index);
        Assert.Equal(MigrateType.Unmovable, _zone.Frames.BlockType(new Frame(64)));
        Assert.Equal("5: 64", _zone.Picture(MigrateType.Unmovable));
        Assert.Equal("", _zone.Picture());
    }

    [Fact]
    public void ABlockThatIsNotToBeHadKeepsItsPagesAndTheSmallestChunkIsStolen()
    {
        _zone.Free(new Frame(64), order: 3);
        _zone.FreeEach(130);

        Assert.Equal(130, _zone.Take(0, MigrateType.Unmovable).Index);
        Assert.Equal(MigrateType.Movable, _zone.Frames.BlockType(new Frame(64)));
        Assert.Equal("3: 64", _zone.Picture());
        Assert.Equal("", _zone.Picture(MigrateType.Unmovable));
    }

    [Fact]
    public void WhatIsLeftOfAStolenChunkStaysWithItsType()
    {
        _zone.Free(new Frame(64), order: 2);

        Assert.Equal(64, _zone.Take(0, MigrateType.Unmovable).Index);
        Assert.Equal("0: 65 | 1: 66", _zone.Picture());
    }

    [Fact]
    public void AWholeBlockChangesItsTypeAndIsSplit()
    {
        _zone.Free(new Frame(128), order: 6);

        Assert.Equal(128, _zone.Take(4, MigrateType.Reclaimable).Index);
        Assert.Equal(MigrateType.Reclaimable, _zone.Frames.BlockType(new Frame(128)));
        Assert.Equal("4: 144 | 5: 160", _zone.Picture(MigrateType.Reclaimable));
    }

    // A Movable request may claim from half of a block's order on; a smaller chunk ends the search for blocks.
    [Fact]
    public void AMovableRequestStealsWhatIsTooSmallToBeWorthABlock()
    {
        _zone.SetBlocks(MigrateType.Unmovable, new Frame(0), 512);
        _zone.Free(new Frame(64), order: 2);
        _zone.FreeEach(1);

        Assert.Equal(1, _zone.Take(0, MigrateType.Movable).Index);
        Assert.Equal(MigrateType.Unmovable, _zone.Frames.BlockType(new Frame(1)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1)]
    public void WhoAvoidsFragmentationGetsNothingLessThanABlock(int order)
    {
        _zone.Free(new Frame(64), order);
        TakeRequest request = TinyZone.Request(0, MigrateType.Unmovable) with { NoFragment = true };

        Assert.True(_zone.Lists.Take(_zone.Zone, request).IsNone);
        Assert.NotEqual("", _zone.Picture());
    }

    [Theory]
    [InlineData(MigrateType.Cma)]
    [InlineData(MigrateType.HighAtomic)]
    public void NobodyTakesFromTypesThatKeepToThemselves(MigrateType special)
    {
        _zone.SetBlocks(special, new Frame(0), 64);
        _zone.Free(new Frame(0), order: 6);

        Assert.True(_zone.Take(0, MigrateType.Unmovable).IsNone);
        Assert.True(_zone.Take(0, MigrateType.Movable).IsNone);
    }

    // After a steal, pages freed to its own type meanwhile are passed over until the refill ends.
    [Fact]
    public void ARefillGoesOnWhereItsLastPageWasStolen()
    {
        _zone.Free(new Frame(64), order: 2);
        TakeMode mode = TakeMode.Normal;
        TakeRequest request = TinyZone.Request(0, MigrateType.Unmovable);

        Assert.Equal(64, _zone.Lists.Take(_zone.Zone, request, ref mode).Index);
        Assert.Equal(TakeMode.Steal, mode);
        _zone.SetBlocks(MigrateType.Unmovable, new Frame(192), 64);
        _zone.FreeEach(200);

        Assert.Equal(65, _zone.Lists.Take(_zone.Zone, request, ref mode).Index);
        Assert.Equal(200, _zone.Lists.Take(_zone.Zone, request).Index);
    }

    [Fact]
    public void AClaimIsNoReasonToPassOverItsOwnLists()
    {
        _zone.Free(new Frame(64), order: 5);
        TakeMode mode = TakeMode.Cma;

        _zone.Lists.Take(_zone.Zone, TinyZone.Request(0, MigrateType.Unmovable), ref mode);

        Assert.Equal(TakeMode.Normal, mode);
    }

    [Fact]
    public void BlocksThatMergeBecomeOfOneType()
    {
        _zone.SetBlocks(MigrateType.Unmovable, new Frame(64), 64);
        _zone.Free(new Frame(64), order: 6);
        _zone.Free(new Frame(0), order: 6);

        Assert.Equal(MigrateType.Movable, _zone.Frames.BlockType(new Frame(64)));
        Assert.Equal("7: 0", _zone.Picture());
    }

    [Fact]
    public void AChunkOfSeveralBlocksIsFreedToTheTypeOfEach()
    {
        _zone.SetBlocks(MigrateType.Cma, new Frame(64), 64);
        _zone.Free(new Frame(0), order: 7);

        Assert.Equal("6: 0", _zone.Picture());
        Assert.Equal("6: 64", _zone.Picture(MigrateType.Cma));
        Assert.Equal(64, _zone.Zone.FreeCmaFrames);
    }

    [Fact]
    public void APageIsDrainedToWhereItsBlockBelongsByThen()
    {
        _zone.Pages.High = _zone.Pages.HighMost = 100;
        _zone.PerCpu.Free(new Frame(5), 0, MigrateType.Movable, CpuId.Boot);
        _zone.SetBlocks(MigrateType.Reclaimable, new Frame(0), 64);

        _zone.PerCpu.DrainCpu(_zone.Zone, CpuId.Boot);

        Assert.Equal("0: 5", _zone.Picture(MigrateType.Reclaimable));
        Assert.Empty(_zone.Audit());
    }
}
