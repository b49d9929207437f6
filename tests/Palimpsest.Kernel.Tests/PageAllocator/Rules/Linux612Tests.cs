using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tests.PageAllocator.Rules;

/// <summary>Numbers in, numbers out, as mm/page_alloc.c of 6.12.117 has them.</summary>
public sealed class Linux612Tests
{
    private readonly Linux612 _rules = new();

    [Fact]
    public void RefillsThatFollowEachOtherDoubleFiveTimesAndRaiseTheLimit()
    {
        PerCpuState lists = Lists(high: 1000);

        int[] refills = [.. Enumerable.Range(0, 7).Select(_ => _rules.RefillWanted(ref lists, order: 0))];

        Assert.Equal([10, 20, 40, 80, 160, 320, 320], refills);
        Assert.Equal(1000 + refills.Sum(), lists.High);
    }

    [Theory]
    [InlineData(0, 1, 5)]
    [InlineData(3, 1, 5)]
    [InlineData(3, 3, 2)]
    public void ARefillOfAHigherOrderTakesAPlainBatch(int factor, int order, int folios)
    {
        PerCpuState lists = Lists(high: 1000) with { AllocFactor = factor };

        Assert.Equal(folios, _rules.RefillWanted(ref lists, order));
        Assert.Equal(factor, lists.AllocFactor);
        Assert.Equal(1010, lists.High);
    }

    [Theory]
    [InlineData(100, 10)]
    [InlineData(50, 20)]
    [InlineData(0, 70)]
    public void ARefillLeavesABatchUnderTheLimit(int count, int frames)
    {
        PerCpuState lists = Lists(high: 80) with { Count = count, AllocFactor = 5, HighMost = 80, HighLeast = 80 };

        Assert.Equal(frames, _rules.RefillWanted(ref lists, order: 0));
    }

    [Fact]
    public void TheLimitStaysWhereItIsWhileTheZoneIsLow()
    {
        PerCpuState lists = Lists(high: 300) with { Pressure = ZonePressure.BelowHigh };

        _rules.RefillWanted(ref lists, order: 0);

        Assert.Equal(300, lists.High);
    }

    [Fact]
    public void BootPageSetsHoldNothing()
    {
        PerCpuState lists = new() { Batch = 1, Count = 1, FreeRunBatches = 32 };

        Assert.Equal(1, _rules.RefillWanted(ref lists, order: 0));
        Assert.Equal(1, _rules.DrainWanted(ref lists, order: 0));
    }

    [Theory]
    [InlineData(199, 150, 0)]
    [InlineData(200, 1, 10)]
    [InlineData(200, 150, 150)]
    [InlineData(200, 250, 190)]
    public void ADrainGivesBackWhatWasFreedInARow(int count, int run, int frames)
    {
        PerCpuState lists = Lists(high: 200) with { Count = count, FreeRun = run };

        Assert.Equal(frames, _rules.DrainWanted(ref lists, order: 0));
    }

    [Fact]
    public void AtTheLimitTheLimitGrowsToHoldWhatWasFreed()
    {
        PerCpuState lists = Lists(high: 200) with { Count = 200, FreeRun = 300 };

        _rules.DrainWanted(ref lists, order: 0);

        Assert.Equal(310, lists.High);
    }

    [Theory]
    [InlineData((int)ZonePressure.BelowHigh, 150, 60, 170)]
    [InlineData((int)ZonePressure.BelowHigh, 99, 0, 170)]
    [InlineData((int)ZonePressure.Reclaim, 150, 30, 170)]
    [InlineData((int)ZonePressure.Reclaim, 39, 0, 170)]
    public void PressureLowersTheLimitWithEachFree(int pressure, int count, int frames, int high)
    {
        PerCpuState lists = Lists(high: 230) with { Count = count, FreeRun = 60, Pressure = (ZonePressure)pressure };

        Assert.Equal(frames, _rules.DrainWanted(ref lists, order: 0));
        Assert.Equal(high, lists.High);
    }

    [Theory]
    [InlineData(false, 40, 0)]
    [InlineData(true, 9, 0)]
    [InlineData(true, 40, 60)]
    public void AHigherOrderAfterAHigherOrderEmptiesTheListsOnceABatchWasFreed(bool isSecond, int run, int frames)
    {
        PerCpuState lists = Lists(high: 500) with { Count = 60, FreeRun = run + 4, FollowsHighFree = isSecond };

        Assert.Equal(frames, _rules.DrainWanted(ref lists, order: 2));
        Assert.True(lists.FollowsHighFree);
    }

    [Fact]
    public void AFreeHalvesTheFactorOfRefillsAndCountsUpToThirtyTwoBatches()
    {
        PerCpuState lists = Lists(high: 5000) with { AllocFactor = 5, FreeRun = 318, FollowsHighFree = true };

        lists.CountFree(order: 2);
        lists.CountFree(order: 0);

        Assert.Equal((1, 322, 5, false), (lists.AllocFactor, lists.FreeRun, lists.Count, lists.FollowsHighFree));
    }

    [Theory]
    [InlineData(0, 800, 700, 0)]
    [InlineData(750, 800, 700, 50)]
    [InlineData(1500, 800, 1180, 320)]
    [InlineData(90, 110, 100, 0)]
    public void ALimitThatNobodyNeedsDecays(int count, int high, int after, int drained)
    {
        PerCpuState lists = Lists(high) with { Count = count };

        Assert.Equal(drained, _rules.Decay(ref lists));
        Assert.Equal(after, lists.High);
    }

    // A virtual machine with RFC v3, 660 MiB and two CPUs: min 804, low 1005, high 1206, batch 31.
    [Fact]
    public void LimitsAreThoseOfARealMachine()
    {
        ZoneView zone = new(ZoneKind.Dma, Node: 0, Managed: 162_886, IsTagStorage: false, default, Boost: 0);

        ZoneLimits limits = _rules.LimitsOf([zone], new SetUpView(PageGeometry.Page4K, Cpus: 2, TransparentHugePages: false))[0];

        Assert.Equal(new Watermarks(807, 1008, 1209), limits.Watermarks);
        Assert.Equal((31, 504, 10_180), (limits.PerCpuBatch, limits.PerCpuHigh, limits.PerCpuHighMost));
    }

    [Fact]
    public void ZoneMovableHasNoShareAndASmallMinimum()
    {
        ZoneView normal = new(ZoneKind.Normal, Node: 0, Managed: 500_000, IsTagStorage: false, default, Boost: 0);
        ZoneView movable = normal with { Kind = ZoneKind.Movable, Managed = 50_000 };
        SetUpView machine = new(PageGeometry.Page4K, Cpus: 1, TransparentHugePages: false);

        ZoneLimits[] with = _rules.LimitsOf([normal, movable], machine);
        ZoneLimits[] without = _rules.LimitsOf([normal], machine);

        Assert.Equal(without[0].Watermarks, with[0].Watermarks);
        Assert.Equal(48, with[1].Watermarks.Min);
    }

    [Theory]
    [InlineData(51_199, 0)]
    [InlineData(51_200, 512)]
    [InlineData(60_000, 1024)]
    public void HighAtomicBlocksAreAHundredthInWholeBlocks(int managed, int limit)
    {
        ZoneView zone = new(ZoneKind.Normal, Node: 0, managed, IsTagStorage: false, default, Boost: 0);

        Assert.Equal(limit, _rules.HighAtomicLimit(zone, pageBlockFrames: 512));
    }

    [Theory]
    [InlineData(62, 2)]
    [InlineData(992, 5)]
    public void ARefillTellsHowOftenItsBatchWasDoubled(int taken, int factor)
    {
        PerCpuState lists = Lists(high: 5000) with { Batch = 31 };

        _rules.LearnRefill(ref lists, order: 0, taken);

        Assert.Equal(factor, lists.AllocFactor);
    }

    [Fact]
    public void ARefillOfAnyOtherSizeTellsTheLimit()
    {
        PerCpuState lists = Lists(high: 5000) with { Batch = 31, Count = 100 };

        _rules.LearnRefill(ref lists, order: 0, taken: 50);

        Assert.Equal(181, lists.High);
    }

    private static PerCpuState Lists(int high) =>
        new() { High = high, HighLeast = 100, HighMost = 5000, Batch = 10, FreeRunBatches = 32 };
}
