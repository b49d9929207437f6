using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator.Rules;

/// <summary>Numbers in, numbers out, as mm/page_alloc.c of 6.1.192 has them; what they do to lists is tested beside the lists.</summary>
public sealed class Linux61Tests
{
    private const int BlockOrder = 9;
    private const int BlockFrames = 512;

    private static readonly ZoneView Zone = new(ZoneKind.Normal, Node: 0, Managed: 100_000, IsTagStorage: false,
        new Watermarks(1000, 1250, 1500), Boost: 0);

    private readonly Linux61 _rules = new();

    [Theory]
    [InlineData(63, 0, 63)]
    [InlineData(63, 1, 31)]
    [InlineData(63, 3, 7)]
    [InlineData(63, 9, 2)]
    [InlineData(2, 1, 2)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 3, 1)]
    public void ARefillTakesABatchOfFramesButTwoFoliosAtLeast(int batch, int order, int folios)
    {
        PerCpuState lists = new() { Batch = batch, High = 100 };

        Assert.Equal(folios, _rules.RefillWanted(ref lists, order));
        Assert.Equal(0, lists.FreeRun);
    }

    [Theory]
    [InlineData(99, 0, 0, 0, 0)]
    [InlineData(100, 0, 0, 10, 1)]
    [InlineData(100, 0, 2, 40, 3)]
    [InlineData(100, 0, 4, 90, 4)]
    [InlineData(100, 2, 0, 10, 1)]
    [InlineData(7, 2, 1, 7, 1)]
    [InlineData(7, 9, 1, 0, 1)]
    [InlineData(512, 9, 1, 20, 2)]
    public void ADrainDoublesUpToHighLessABatchAndAHighOrderFreeAfterFreesEmptiesTheLists(int count, int order, int factor, int frames,
        int factorAfter)
    {
        PerCpuState lists = new() { Count = count, High = 100, Batch = 10, FreeRun = factor };

        Assert.Equal(frames, _rules.DrainWanted(ref lists, order));
        Assert.Equal(factorAfter, lists.FreeRun);
    }

    // nr_pcp_high: four batches, or the limit where that is less.
    [Theory]
    [InlineData(39, 100, 0)]
    [InlineData(40, 100, 10)]
    [InlineData(90, 100, 10)]
    [InlineData(30, 30, 10)]
    public void WhileKswapdIsAtWorkFourBatchesAreKept(int count, int high, int frames)
    {
        PerCpuState lists = new() { Count = count, High = high, Batch = 10, Pressure = ZonePressure.Reclaim };

        Assert.Equal(frames, _rules.DrainWanted(ref lists, 0));
    }

    [Fact]
    public void TheFactorStopsAtFiveDoublings()
    {
        PerCpuState lists = new() { Count = 10_000, High = 10_000, Batch = 2, FreeRun = 5 };

        Assert.Equal(64, _rules.DrainWanted(ref lists, 0));
        Assert.Equal(5, lists.FreeRun);
    }

    [Fact]
    public void ABootPageSetGivesBackEachFrame()
    {
        PerCpuState lists = new() { Count = 1, Batch = 1 };

        Assert.Equal(1, _rules.DrainWanted(ref lists, 0));
        Assert.Equal(0, lists.FreeRun);
    }

    [Theory]
    [InlineData(63, 2016)]
    [InlineData(0, 1)]
    public void EmptyingGoesThirtyTwoBatchesAtATime(int batch, int frames) =>
        Assert.Equal(frames, _rules.DrainAtOnce(new PerCpuState { Batch = batch }));

    [Theory]
    [InlineData(MigrateType.Unmovable, new[] { MigrateType.Reclaimable, MigrateType.Movable })]
    [InlineData(MigrateType.Movable, new[] { MigrateType.Reclaimable, MigrateType.Unmovable })]
    [InlineData(MigrateType.Reclaimable, new[] { MigrateType.Unmovable, MigrateType.Movable })]
    public void EachTypeFallsBackOnTheOtherTwo(MigrateType type, MigrateType[] others) =>
        Assert.Equal(others, _rules.Fallbacks(type).ToArray());

    [Theory]
    [InlineData(3, false, 3)]
    [InlineData(3, true, 9)]
    [InlineData(9, true, 9)]
    [InlineData(10, true, 10)]
    public void WhoAvoidsFragmentationStealsWholeBlocks(int order, bool noFragment, int smallest) =>
        Assert.Equal(smallest, _rules.SmallestSteal(order, noFragment, BlockOrder));

    [Theory]
    [InlineData(MigrateType.Movable, 0, 4, nameof(StealVerdict.Block))]
    [InlineData(MigrateType.Movable, 0, 3, nameof(StealVerdict.SmallestChunk))]
    [InlineData(MigrateType.Movable, 3, 3, nameof(StealVerdict.Chunk))]
    [InlineData(MigrateType.Unmovable, 0, 0, nameof(StealVerdict.Block))]
    [InlineData(MigrateType.Reclaimable, 1, 2, nameof(StealVerdict.Block))]
    public void MovableRequestsTakeBlocksFromHalfTheirOrderOnAndOthersAlways(MigrateType type, int wanted, int found, string verdict) =>
        Assert.Equal(verdict, _rules.Steal(new StealView(type, wanted, found, BlockOrder)).ToString());

    // 256 of 512 must be free or alike. Movable pages are alike for a movable thief, all but movable ones in a movable block for others.
    [Theory]
    [InlineData(MigrateType.Movable, MigrateType.Unmovable, 200, 56, true)]
    [InlineData(MigrateType.Movable, MigrateType.Unmovable, 200, 55, false)]
    [InlineData(MigrateType.Unmovable, MigrateType.Movable, 200, 256, true)]
    [InlineData(MigrateType.Unmovable, MigrateType.Movable, 200, 257, false)]
    [InlineData(MigrateType.Unmovable, MigrateType.Reclaimable, 255, 0, false)]
    [InlineData(MigrateType.Reclaimable, MigrateType.Unmovable, 256, 0, true)]
    public void ABlockIsClaimedWhenHalfOfItIsFreeOrAlike(MigrateType type, MigrateType old, int free, int movable, bool isClaimed) =>
        Assert.Equal(isClaimed, _rules.ClaimsBlock(new BlockView(type, old, free, movable, BlockFrames)));

    [Theory]
    [InlineData(0, 512)]
    [InlineData(1_000, 1_512)]
    [InlineData(2_000, 2_250)]
    [InlineData(2_250, 2_250)]
    public void AStealBoostsByABlockUpToHalfAboveHigh(int boost, int after) =>
        Assert.Equal(after, _rules.BoostAfterSteal(Zone with { Boost = boost }, BlockFrames));

    [Fact]
    public void SmallZonesAndZonesWithoutMarksAreNotBoosted()
    {
        Assert.Equal(0, _rules.BoostAfterSteal(Zone with { Managed = 2047 }, BlockFrames));
        Assert.Equal(512, _rules.BoostAfterSteal(Zone with { Managed = 2048 }, BlockFrames));
        Assert.Equal(0, _rules.BoostAfterSteal(Zone with { Watermarks = default }, BlockFrames));
        Assert.Equal(512, _rules.BoostAfterSteal(Zone with { Watermarks = new Watermarks(1, 2, 3) }, BlockFrames));
    }

    [Fact]
    public void AHundredthOfTheZoneAndABlockAreKeptForHighOrderAtomicRequests() =>
        Assert.Equal(1_512, _rules.HighAtomicLimit(Zone, BlockFrames));

    [Theory]
    [InlineData(GfpFlags.KernelDefault, 1, (int)ReserveRights.None)]
    [InlineData(GfpFlags.KernelDefault | GfpFlags.High, 1, (int)ReserveRights.MinReserve)]
    [InlineData(GfpFlags.AtomicDefault, 0, (int)(ReserveRights.MinReserve | ReserveRights.NonBlocking))]
    [InlineData(GfpFlags.AtomicDefault, 1, (int)(ReserveRights.MinReserve | ReserveRights.NonBlocking | ReserveRights.HighAtomic))]
    [InlineData(GfpFlags.AtomicDefault | GfpFlags.NoMemAlloc, 1, (int)ReserveRights.MinReserve)]
    [InlineData(GfpFlags.KswapdReclaim, 1, (int)ReserveRights.NonBlocking)]
    [InlineData(GfpFlags.TransHugeLight, 9, (int)ReserveRights.None)]
    public void FlagsGiveRightsToTheReserves(GfpFlags gfp, int order, int rights) =>
        Assert.Equal((ReserveRights)rights, _rules.RightsOf(gfp, order));

    [Theory]
    [InlineData((int)ReserveRights.NonBlocking, 100)]
    [InlineData((int)ReserveRights.MinReserve, 50)]
    [InlineData((int)(ReserveRights.MinReserve | ReserveRights.NonBlocking), 38)]
    public void RightsLowerTheMark(int rights, int mark) => Assert.Equal(mark, _rules.MarkWith((ReserveRights)rights, 100));

    [Theory]
    [InlineData("5.15.0", "6.1")]
    [InlineData("6.1.192", "6.1")]
    [InlineData("6.6.30", "6.1")]
    [InlineData("6.12.0-1", "6.12")]
    [InlineData("6.18.0-rc1", "6.12")]
    public void AReleaseThatIsNotModelledHasTheRulesOfTheLatestBeforeIt(string release, string modelled)
    {
        AllocatorRules rules = AllocatorRules.Of(KernelRelease.Of(release)!.Value);

        Assert.Equal(KernelRelease.Of(modelled), rules.Release);
    }
}
