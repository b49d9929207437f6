using System.Reflection;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests;

/// <summary>Results made by hand, in which no two figures are alike: whoever shows the wrong one is seen.</summary>
internal static class MadeUp
{
    /// <summary>A page of 64 KiB: 16 frames are a MiB.</summary>
    public const int PageBytes = 1 << 16;

    /// <summary>In the order of declaration, from 1001 on: FailedAllocations 1001, RefusedTagged 1002 and so on.</summary>
    public static DesignCounts DesignCounts { get; } = Counted<DesignCounts>(1001);

    /// <summary>MinorFaults 2001, HugeFaults 2002 and so on.</summary>
    public static LoopCounts LoopCounts { get; } = Counted<LoopCounts>(2001);

    public static StorageFigures Storage { get; } = new(
        StorageFrames: 1600, GivenBackMean: 400, GivenBackMin: 160, GivenBackMinTimeNs: 2_500_000_000, LentMean: 320, LentMax: 480,
        ReservedMean: 640, ReservedMax: 800, TaggedMean: 3200, BlockFillMean: 5.25, ReservedOverIdeal: 1.375,
        ReservedOverIdealP99: 1.875, StrandedMean: 96, HugeChunksMean: 6.5);

    public static DesignResult Design { get; } = new()
    {
        Design = new DesignFacts("made-up", "attempts=9,fast-path=on", "seed", "an essence", IsBound: false),
        PageBytes = PageBytes,
        Storage = Storage,
        Counts = DesignCounts,
        Latency = new ModelledLatency(110, 1_220, 13_330, 144_440),
        Costs = new ModelledCosts(1e5, 2e5, 3e5, 4e5, 5e5, 6e5, 7e5, 8e5, 9e5, 45e5),
        FailedRanges = 31,
        FreesOfNothing = 32,
        Violations = [new LawViolation("TAG-1", "frame 7 is tagged without storage"), new LawViolation("PIN-1", "frame 8")],
        TimeLine = [],
        BlockFill = [],
        Map = [],
    };

    public static BoardFacts Board { get; } = new(
        "boards/made-up.dtb", "Made Up Board", "mainline", DataBytes: 62 << 20, CarveOutBytes: 2 << 20, PageBytes, PageBlockFrames: 32,
        [ZoneKind.Dma, ZoneKind.Normal], [], [], []);

    public static ComparisonResult Comparison(params DesignResult[] designs) => new()
    {
        Recording = new RecordingFacts("traces/made-up.dat", "trace-dat", TraceClock.Time, Events: 101, LostEvents: 102, Cpus: 3,
            DurationNs: 104, [KeyValuePair.Create("mm_page_alloc", 105L)], ["A note."]),
        Workload = new WorkloadFacts(Steps: 201, Allocations: 202, Frees: 203, TaggedAllocations: 204, LateTags: 205, InitialPages: 206,
            Cpus: 7, DurationNs: 9_000_000_000, "flag",
            new Repairs { UnknownFrees = 208, LiveReallocations = 209, FailedAllocations = 210, HiddenAllocations = 211,
                MigrationTargets = 212, MovedOut = 213 }),
        Board = Board,
        Costs = CostTable.Default,
        PinnedShare = 0.25,
        Designs = designs,
        Assumptions = ["First.", "Second."],
    };

    public static LoopDesignResult LoopDesign { get; } = new(
        Design.Design, PageBytes, Storage, DesignCounts, LoopCounts, Restarts: 41, Design.Violations, SavedShare: 0.125);

    public static LoopResult Loop(params LoopDesignResult[] designs) =>
        new("phone", new LoopParameters(Pages: 320, Steps: 51, TaggedFrom: 0.1, TaggedTo: 0.6, Seed: 52), Board, SwapPages: 160, designs);

    private static T Counted<T>(long first)
        where T : new()
    {
        T counts = new();
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(property => property.CanWrite)
            .OrderBy(property => property.MetadataToken))
        {
            property.SetValue(counts, first++);
        }

        return counts;
    }
}
