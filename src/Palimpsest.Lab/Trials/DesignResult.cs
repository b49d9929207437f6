using System.Text.Json.Serialization;
using Palimpsest.Designs;
using Palimpsest.Kernel.Costs;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>Percentiles of what a tagged allocation waits for its storage; modelled, in nanoseconds.</summary>
public sealed record ModelledLatency(long P50, long P90, long P99, long Max);

/// <summary>What one design did with a workload: numbers and strings, whatever machine made them.</summary>
public sealed record DesignResult
{
    /// <summary>Which design, with which parameters.</summary>
    public required DesignFacts Design { get; init; }

    /// <summary>Bytes of a frame.</summary>
    public required int PageBytes { get; init; }

    /// <summary>What was given back and reserved, in pages.</summary>
    public required StorageFigures Storage { get; init; }

    /// <summary>
    /// What is used as data tells something: not where demand was that a replay has not, because memory was short and nothing fills it.
    /// </summary>
    public bool KnowsUse { get; init; } = true;

    /// <summary>What the kernel did, exactly.</summary>
    public required DesignCounts Counts { get; init; }

    /// <summary>How long tagged pages waited, in modelled microseconds.</summary>
    public required ModelledLatency Latency { get; init; }

    /// <summary>What the work cost, in modelled time.</summary>
    public required ModelledCosts Costs { get; init; }

    /// <summary>Ranges that a driver took in the recording and that could not be had here.</summary>
    public required long FailedRanges { get; init; }

    /// <summary>Frees of pages that this design could not allocate.</summary>
    public required long FreesOfNothing { get; init; }

    /// <summary>Laws that were broken; none unless the program has a mistake.</summary>
    public required IReadOnlyList<LawViolation> Violations { get; init; }

    /// <summary>Samples at even distances of recorded time.</summary>
    public required IReadOnlyList<TimePoint> TimeLine { get; init; }

    /// <summary>Reserved blocks at the fullest sampled moment, by tagged frames per storage frame, 0 to 32.</summary>
    public required IReadOnlyList<int> BlockFill { get; init; }

    /// <summary>State of each pageblock at the end, a <see cref="PageUse"/> each.</summary>
    public required byte[] Map { get; init; }

    /// <summary>How memory fared; null where nobody asked. Not kept in JSON.</summary>
    [JsonIgnore]
    public MemoryCourse? Course { get; init; }

    internal static DesignResult Of(DesignChoice choice, WorkloadReplay replay, TimeLine timeLine, CostTable costs) => new()
    {
        Design = DesignFacts.Of(choice),
        PageBytes = replay.System.Layout.Geometry.PageBytes,
        Storage = replay.Gauge.Figures,
        Counts = DesignCounts.Of(replay.System.Counters),
        Latency = new ModelledLatency(
            replay.ReserveLatency.Percentile(0.5),
            replay.ReserveLatency.Percentile(0.9),
            replay.ReserveLatency.Percentile(0.99),
            replay.ReserveLatency.Max),
        Costs = costs.Of(TagStorageWork.Of(replay.System.Counters)),
        FailedRanges = replay.FailedRanges,
        FreesOfNothing = replay.FreesOfNothing,
        Violations = replay.System.Audit(),
        TimeLine = timeLine.Points,
        BlockFill = timeLine.Peak.Histogram,
        Map = MemoryMapPicture.Of(replay.System),
    };
}
