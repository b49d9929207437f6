using Palimpsest.Kernel.Costs;

namespace Palimpsest.Lab.Metrics;

/// <summary>
/// Nanoseconds a counted step is taken to cost, for turning exact counts into modelled times. The defaults were measured
/// on one x86-64 host and on User Mode Linux (bench/README.md); replace them with <c>--costs FILE</c>.
/// </summary>
/// <param name="LookupNs">Look up a block that is reserved and count a reference.</param>
/// <param name="BuddyTakeNs">Take a free chunk off the buddy lists under the zone lock.</param>
/// <param name="CopyPageNs">Copy one page, cold.</param>
/// <param name="MigrateBookkeepingNs">Unmap, allocate, remap and account one page that is migrated, copy not included.</param>
/// <param name="IsolateBlockNs">Isolate a pageblock and end its isolation.</param>
/// <param name="InterruptNs">Interrupt a CPU and wait for it: lru_cache_disable, drain_all_pages.</param>
/// <param name="CacheLineNs">DC IVAC or DC IGVAC of one line, to the point of coherency.</param>
/// <param name="FaultNs">A page fault taken because storage was missing.</param>
/// <param name="SearchFrameNs">Look at one frame for a block to make active.</param>
public sealed record CostTable(
    double LookupNs = 60,
    double BuddyTakeNs = 60,
    double CopyPageNs = 354,
    double MigrateBookkeepingNs = 430,
    double IsolateBlockNs = 7_000,
    double InterruptNs = 2_000,
    double CacheLineNs = 6,
    double FaultNs = 1_500,
    double SearchFrameNs = 4)
{
    /// <summary>What <c>compare</c> takes without <c>--costs</c>.</summary>
    public static readonly CostTable Default = new();

    /// <summary>Modelled time of what was done for tag storage.</summary>
    public double NsOf(in TagStorageWork work) =>
        (work.Lookups * LookupNs)
        + (work.Takes * BuddyTakeNs)
        + (work.MovedFrames * (CopyPageNs + MigrateBookkeepingNs))
        + (work.IsolatedBlocks * IsolateBlockNs)
        + (work.Interrupts * InterruptNs)
        + (work.CacheLines * CacheLineNs)
        + (work.Faults * FaultNs)
        + (work.SearchedFrames * SearchFrameNs);

    /// <summary>The same by what it went to.</summary>
    public ModelledCosts Of(in TagStorageWork work) => new(
        Lookup: work.Lookups * LookupNs,
        BuddyTake: work.Takes * BuddyTakeNs,
        Copy: work.MovedFrames * CopyPageNs,
        Remap: work.MovedFrames * MigrateBookkeepingNs,
        Isolate: work.IsolatedBlocks * IsolateBlockNs,
        Interrupts: work.Interrupts * InterruptNs,
        CacheLines: work.CacheLines * CacheLineNs,
        Faults: work.Faults * FaultNs,
        Search: work.SearchedFrames * SearchFrameNs,
        Total: NsOf(work));
}
