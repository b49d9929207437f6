using Palimpsest.Lab.Metrics;

namespace Palimpsest.Reports.Columns;

/// <summary>What modelled time goes to.</summary>
/// <param name="Name">Of its cost in <see cref="CostTable"/>.</param>
/// <param name="Cost">Nanoseconds of one.</param>
/// <param name="Nanoseconds">Of all that a design caused.</param>
internal sealed record CostCause(
    string Id, string Heading, string Name, string Meaning, Func<CostTable, double> Cost, Func<ModelledCosts, double> Nanoseconds);

/// <summary>All causes, in the order of the cost table.</summary>
internal static class CostCauses
{
    public static IReadOnlyList<CostCause> All { get; } =
    [
        new("lookup", "lookup", "LookupNs", "block is reserved already: look it up, count a reference", costs => costs.LookupNs,
            modelled => modelled.Lookup),
        new("buddy_take", "buddy take", "BuddyTakeNs", "take a free chunk off the buddy lists", costs => costs.BuddyTakeNs,
            modelled => modelled.BuddyTake),
        new("copy", "copy", "CopyPageNs", "copy a page that is migrated", costs => costs.CopyPageNs, modelled => modelled.Copy),
        new("remap", "remap", "MigrateBookkeepingNs", "unmap, allocate, remap, account a page that is migrated",
            costs => costs.MigrateBookkeepingNs, modelled => modelled.Remap),
        new("isolate", "isolate", "IsolateBlockNs", "isolate a pageblock and end its isolation", costs => costs.IsolateBlockNs,
            modelled => modelled.Isolate),
        new("interrupts", "IPIs", "InterruptNs", "interrupt a CPU and wait for it", costs => costs.InterruptNs,
            modelled => modelled.Interrupts),
        new("cache_lines", "cache lines", "CacheLineNs", "DC IVAC or DC IGVAC of a line", costs => costs.CacheLineNs,
            modelled => modelled.CacheLines),
        new("faults", "faults", "FaultNs", "a fault taken because storage was missing", costs => costs.FaultNs,
            modelled => modelled.Faults),
        new("search", "search", "SearchFrameNs", "look at a frame for a block to make active", costs => costs.SearchFrameNs,
            modelled => modelled.Search),
    ];
}
