using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.TagStorage;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Experiments;

/// <summary>Percentiles of what a tagged allocation waits for its storage; modelled, in nanoseconds.</summary>
public sealed record ModelledLatency(long P50, long P90, long P99, long Max);

/// <summary>What one design did with a workload. Frames unless the name says otherwise.</summary>
public sealed record DesignResult
{
    public required DesignChoice Choice { get; init; }

    public required int StorageFrames { get; init; }

    public required double GivenBackMean { get; init; }

    public required int GivenBackMin { get; init; }

    public required long GivenBackMinTimeNs { get; init; }

    public required double LentMean { get; init; }

    public required int LentMax { get; init; }

    public required double ReservedMean { get; init; }

    public required int ReservedMax { get; init; }

    public required double TaggedMean { get; init; }

    public required double BlockFillMean { get; init; }

    public required double ReservedOverIdeal { get; init; }

    public required KernelCounters Counters { get; init; }

    public required ModelledLatency Latency { get; init; }

    public required double ModelledSeconds { get; init; }

    public required long FailedRanges { get; init; }

    public required long FreesOfNothing { get; init; }

    public required IReadOnlyList<LawViolation> Violations { get; init; }

    public required IReadOnlyList<TimePoint> TimeLine { get; init; }

    /// <summary>Reserved blocks at the fullest sampled moment, by tagged frames per storage frame, 0 to 32.</summary>
    public required int[] BlockFill { get; init; }

    /// <summary>State of each pageblock at the end.</summary>
    public required byte[] Map { get; init; }

    internal static DesignResult Of(DesignChoice choice, WorkloadReplay replay, TimeLine timeLine, PeakBlockFill fill, CostTable costs) => new()
    {
        Choice = choice,
        StorageFrames = replay.Gauge.StorageFrames,
        GivenBackMean = replay.Gauge.GivenBackMean,
        GivenBackMin = replay.Gauge.GivenBackMin,
        GivenBackMinTimeNs = replay.Gauge.GivenBackMinTimeNs,
        LentMean = replay.Gauge.LentMean,
        LentMax = replay.Gauge.LentMax,
        ReservedMean = replay.Gauge.ReservedMean,
        ReservedMax = replay.Gauge.ReservedMax,
        TaggedMean = replay.Gauge.TaggedMean,
        BlockFillMean = replay.Gauge.BlockFillMean,
        ReservedOverIdeal = replay.Gauge.ReservedOverIdeal,
        Counters = replay.System.Counters,
        Latency = new ModelledLatency(
            replay.ReserveLatency.Percentile(0.5),
            replay.ReserveLatency.Percentile(0.9),
            replay.ReserveLatency.Percentile(0.99),
            replay.ReserveLatency.Max),
        ModelledSeconds = costs.TagStorageNs(replay.System.Counters) / 1e9,
        FailedRanges = replay.FailedRanges,
        FreesOfNothing = replay.FreesOfNothing,
        Violations = replay.System.Audit(),
        TimeLine = timeLine.Points,
        BlockFill = fill.Histogram,
        Map = MemoryMapPicture.Of(replay.System),
    };
}
