using Palimpsest.Designs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Workloads;
using Palimpsest.Testing.Recordings;
using Palimpsest.Vocabulary;

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

    // The first page that the model hands out lies in the first block.
    [Theory]
    [InlineData(0x40010, "40000", true)]
    [InlineData(0x42010, "42000", false)]
    public void APageMovedOutOfARangeMovesOnlyIfItLiesThere(int source, string range, bool moves)
    {
        int first = Run("static", "alloc 40010").FrameOf(Recording.Name(0x40010));
        WorkloadReplay replay = Run("static", $"alloc {source:x}", "alloc 43800", $"leaving {source:x}", "moved 43800", $"free {source:x}",
            $"cma {range} 512", "alloc 40020");

        Assert.InRange(first, 0, 511);
        Assert.Equal(moves ? 1 : 0, replay.System.Counters.MigratedFolios);
        Assert.Equal(!moves, first == replay.FrameOf(Recording.Name(0x43800)));
        Assert.Equal(Recording.Name(source), replay.FrameOf(Recording.Name(source)));
        Assert.Empty(replay.System.Audit());
    }

    [Fact]
    public void TheRunGoesOnAfterAMoment()
    {
        Workload workload = Recording.Workload("alloc 40010", "alloc 40011", "alloc 40012");
        WorkloadReplay replay = new(workload, Recording.Layout, DesignCatalog.Parse("static").Create(), new MachineOptions(2),
            CostTable.Default);
        replay.RunUntil(-1);
        Assert.Equal(0, replay.System.Counters.Allocations);
        replay.RunUntil(1_000_000);
        Assert.Equal(2, replay.System.Counters.Allocations);
        replay.Run(timeLine: null, progress: null, CancellationToken.None);

        Assert.Equal(4, replay.System.Counters.Allocations);
    }

    [Fact]
    public void WhatTheKernelsBuddyListsDidNotHaveLayOnThePerCpuListOfItsCpu()
    {
        FreeChunkCounts chunks = new();
        InitialPage[] inUse = [.. Enumerable.Range(0, 512).Where(frame => frame is not (16 or 40))
            .Select(frame => new InitialPage(frame, IsMovable: true))];
        Workload workload = Recording.Workload("alloc 40028 kernel", "alloc 40010 kernel cpu1") with
        {
            Initial = inUse,
            BlockTypes = [new PageBlockType(new Frame(0), MigrateType.Unmovable)],
            PerCpuAtStart = [1, 1],
            ChunksAtStart = chunks,
        };
        WorkloadReplay replay = new(workload, Recording.Layout, DesignCatalog.Parse("static").Create(), new MachineOptions(2),
            CostTable.Default);

        Assert.Equal((40, 16),
            (replay.System.Guided.PerCpu.First(new Frame(0), 0, MigrateType.Unmovable, cpu: CpuId.Boot).Index,
            replay.System.Guided.PerCpu.First(new Frame(0), 0, MigrateType.Unmovable, cpu: new CpuId(1)).Index));
        Assert.Empty(replay.System.Audit());
    }

    [Fact]
    public void AWhollyFreeBlockHasItsTypeFromTheStartIfTheKernelHadSuchABlock()
    {
        FreeChunkCounts chunks = new();
        chunks.Chunks[(int)MigrateType.Unmovable][9] = 1;
        Workload workload = Recording.Workload("alloc 40010") with
        {
            Initial = [new InitialPage(512, IsMovable: true), new InitialPage(1536, IsMovable: true)],
            BlockTypes = [new PageBlockType(new Frame(0), MigrateType.Unmovable),
                new PageBlockType(new Frame(1024), MigrateType.Unmovable)],
            ChunksAtStart = chunks,
        };
        WorkloadReplay replay = new(workload, Recording.Layout, DesignCatalog.Parse("static").Create(), new MachineOptions(1),
            CostTable.Default);

        Assert.Equal([new Frame(0)], replay.System.Guided.ListOf(new Frame(0), 9, MigrateType.Unmovable, most: 9));
        Assert.Equal(MigrateType.Movable, replay.System.Frames.BlockType(new Frame(1024)));
        Assert.Empty(replay.System.Audit());
    }

    // A recording with an event of tag storage follows compaction. Frame 10 (hexadecimal) is the recorded place of both.
    [Theory]
    [InlineData("alloc 40010", 0)]
    [InlineData("alloc 40010 tagged", 1)]
    public void CompactionEmptiesTheFrameThatTheKernelsScannerWasAt(string alloc, int tagged)
    {
        WorkloadReplay before = Run("cma-no-tagged", "kept 40010", alloc);
        int place = before.FrameOf(Recording.Name(0x40010));
        int pfn = 0x40000 + place;
        WorkloadReplay replay = Run("cma-no-tagged", "kept 40010", $"alloc {pfn:x}{alloc[11..]}", "compacting 0", "moved 43f00",
            $"free {pfn:x}");

        // The highest free page is tag storage: a tagged page must leave it again (R33).
        Assert.Equal(1 + tagged, replay.System.Counters.MigratedFolios);
        Assert.NotEqual(place, replay.FrameOf(Recording.Name(0x43f00)));
        Assert.Equal(1 - tagged, replay.System.LentFramesInUse);
        Assert.Equal((-1, tagged), (replay.FrameOf(place), replay.System.TaggedFrames));
        Assert.Empty(replay.System.Audit());
    }

    [Fact]
    public void TheOtherBlockOfAClaimedChunkHadItsTypeWhileItWasFree()
    {
        InitialPage[] inUse = [.. Enumerable.Range(0, 512).Select(frame => new InitialPage(frame, IsMovable: false))];
        PageBlockType[] types = [new(new Frame(0), MigrateType.Unmovable), new(new Frame(512), MigrateType.Unmovable),
            new(new Frame(1024), MigrateType.Unmovable)];
        Workload workload = Recording.Workload("alloc 42000") with { Initial = inUse, BlockTypes = types };
        WorkloadReplay replay = new(workload, Recording.Layout, DesignCatalog.Parse("static").Create(), new MachineOptions(2),
            CostTable.Default);

        Assert.Equal([MigrateType.Unmovable, MigrateType.Unmovable, MigrateType.Movable],
            types.Select(block => replay.System.Frames.BlockType(block.Frame)));
        Assert.Equal((new Frame(512), 9), replay.System.Guided.ChunkOf(new Frame(512)));
        Assert.Empty(replay.System.Audit());
    }

    private static WorkloadReplay Run(string design, params string[] lines)
    {
        Workload workload = Recording.Workload(lines);
        WorkloadReplay replay = new(workload, Recording.Layout, DesignCatalog.Parse(design).Create(), new MachineOptions(2),
            CostTable.Default);
        replay.Run(timeLine: null, progress: null, CancellationToken.None);
        return replay;
    }
}
