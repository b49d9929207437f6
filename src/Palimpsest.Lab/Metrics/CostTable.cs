using Palimpsest.Kernel.Costs;

namespace Palimpsest.Lab.Metrics;

/// <summary>
/// Nanoseconds a counted step is taken to cost, for turning exact counts into modelled times. The defaults were measured
/// on one x86-64 host and on User Mode Linux (bench/README.md); replace them with <c>--costs FILE</c>.
/// </summary>
public sealed record CostTable
{
    public static readonly CostTable Default = new();

    /// <summary>Look up a block that is reserved and count a reference.</summary>
    public double LookupNs { get; init; } = 60;

    /// <summary>Take a free chunk off the buddy lists under the zone lock.</summary>
    public double BuddyTakeNs { get; init; } = 60;

    /// <summary>Copy one page, cold.</summary>
    public double CopyPageNs { get; init; } = 354;

    /// <summary>Unmap, allocate, remap and account one page that is migrated, copy not included.</summary>
    public double MigrateBookkeepingNs { get; init; } = 430;

    /// <summary>Isolate a pageblock and end its isolation.</summary>
    public double IsolateBlockNs { get; init; } = 7_000;

    /// <summary>Interrupt a CPU and wait for it: lru_cache_disable, drain_all_pages.</summary>
    public double InterruptNs { get; init; } = 2_000;

    /// <summary>DC IVAC or DC IGVAC of one line, to the point of coherency.</summary>
    public double CacheLineNs { get; init; } = 6;

    /// <summary>A page fault taken because storage was missing.</summary>
    public double FaultNs { get; init; } = 1_500;

    /// <summary>Modelled time of all that tag storage caused.</summary>
    public double TagStorageNs(KernelCounters counters) =>
        (counters.AlreadyReserved * LookupNs)
        + ((counters.ReservedFree + counters.BlockConversions) * BuddyTakeNs)
        + (counters.TagMigratedFrames * (CopyPageNs + MigrateBookkeepingNs))
        + (counters.TagBlocksIsolated * IsolateBlockNs)
        + (counters.TagInterrupts * InterruptNs)
        + ((counters.DataLinesInvalidated + counters.TagLinesInvalidated) * CacheLineNs)
        + ((counters.ReplacedPages + counters.FailedReservations) * FaultNs);
}
