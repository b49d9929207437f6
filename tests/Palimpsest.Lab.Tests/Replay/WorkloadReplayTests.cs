using Palimpsest.Designs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Tests.Workloads;
using Palimpsest.Lab.Workloads;
using Xunit;

namespace Palimpsest.Lab.Tests.Replay;

/// <summary>Names of the recording follow their pages wherever a design puts them.</summary>
public sealed class WorkloadReplayTests
{
    public static TheoryData<string> Designs => [.. DesignCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Designs))]
    public void AFolioFreedInPartsIsGoneWhenAllPartsAre(string design)
    {
        WorkloadReplay replay = Run(design, "alloc 40010 order=2 tagged", "free 40010", "free 40011", "free 40012 order=1");

        Assert.Equal(0, replay.System.TaggedFrames);
        Assert.Equal(0, replay.FreesOfNothing);
        Assert.Empty(replay.System.Audit());
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void OneFreeMayCoverSeveralAllocations(string design)
    {
        WorkloadReplay replay = Run(design, "alloc 40010", "alloc 40011", "free 40010 order=1");

        Assert.Equal((-1, -1), (replay.FrameOf(Recording.Name(0x40010)), replay.FrameOf(Recording.Name(0x40011))));
        Assert.Empty(replay.System.Audit());
    }

    [Fact]
    public void PagesInUseBeforeTheRecordingLieWhereTheyLay()
    {
        WorkloadReplay replay = Run("static", "free 40013", "alloc 40013");

        Assert.Equal(0, replay.FreesOfNothing);
        Assert.Empty(replay.System.Audit());
    }

    [Theory]
    [InlineData("static", 0)]
    [InlineData("no-mte", 512)]
    [InlineData("first-use", 0)]
    public void TheBoundsGiveBackNothingAndEverything(string design, int frames)
    {
        WorkloadReplay replay = Run(design, "alloc 40010 tagged", "alloc 40011");

        Assert.Equal(512, replay.Gauge.StorageFrames);
        Assert.Equal(frames, replay.Gauge.GivenBack);
    }

    [Fact]
    public void AReservedBlockIsNotGivenBackUntilItsLastPageIsFreed()
    {
        WorkloadReplay held = Run("cma-no-tagged", "alloc 40010 tagged", "alloc 40011 tagged");
        WorkloadReplay freed = Run("cma-no-tagged", "alloc 40010 tagged", "alloc 40011 tagged", "free 40010", "free 40011");

        Assert.True(held.Gauge.GivenBack < held.Gauge.StorageFrames);
        Assert.Equal(freed.Gauge.StorageFrames, freed.Gauge.GivenBack);
        Assert.Equal(held.Gauge.GivenBack, freed.Gauge.GivenBackMin);
    }

    [Fact]
    public void MeansAreWeightedByTime()
    {
        // Tagged for 1 of the 900 ms that the recording lasts after its first event.
        WorkloadReplay replay = Run("cma-no-tagged", [.. Enumerable.Repeat("failed 0", 100), "alloc 40010 tagged", "free 40010"]);

        Assert.InRange(replay.Gauge.ReservedMean, 0.0009, 0.0012);
        Assert.InRange(replay.Gauge.TaggedMean, 0.0009, 0.0012);
        Assert.Equal(1, replay.Gauge.ReservedMax);
    }

    private static WorkloadReplay Run(string design, params string[] lines)
    {
        Workload workload = Recording.Workload(lines);
        WorkloadReplay replay = new(workload, Recording.Layout, DesignCatalog.Parse(design).Create(), new MachineOptions(2), CostTable.Default);
        replay.Run(timeLine: null, progress: null, CancellationToken.None);
        return replay;
    }
}
