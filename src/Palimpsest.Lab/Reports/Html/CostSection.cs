using Palimpsest.Kernel.Costs;
using Palimpsest.Lab.Experiments;
using Palimpsest.Lab.Metrics;

namespace Palimpsest.Lab.Reports.Html;

/// <summary>What tag storage made the kernel do, counted; and the time that the cost table makes of it.</summary>
internal static class CostSection
{
    private static readonly CostTable Free = new()
    {
        LookupNs = 0, BuddyTakeNs = 0, CopyPageNs = 0, MigrateBookkeepingNs = 0, IsolateBlockNs = 0, InterruptNs = 0, CacheLineNs = 0, FaultNs = 0,
    };

    public static void Write(Markup html, ComparisonReport report, Labels labels)
    {
        html.Line($"<section id=\"costs\"><h2>Costs</h2><h3>Counted, exactly</h3>");
        DesignTable.Write(html, report, labels, [.. Ranges, .. Interruptions, .. Migrations, .. Detours, .. Pressure]);
        html.Line($"<h3>Modelled time, in ms</h3>");
        html.Line($"<p class=\"note\">Counts times the cost table: measured on other machines (bench/README.md), so compare designs by it and do not take it for a phone's time. Over the whole recording ({Figures.Moment(report.Trace, report.Workload.DurationNs)}).</p>");
        DesignTable.Write(html, report, labels, [.. Terms(report.Costs).Select(Column), Total]);
        WriteTable(html, report.Costs);
        html.Line($"</section>");
    }

    private static IEnumerable<DesignColumn> Ranges =>
    [
        Counted("ranges", "allocated", "alloc_contig_range calls", counters => counters.RangeAllocations),
        Counted("ranges", "failed", "of them, those that could not be had", counters => counters.RangeFailures),
        Counted("pageblocks", "isolated", "set to MIGRATE_ISOLATE and back", counters => counters.BlocksIsolated),
        Counted("pageblocks", "busy", "could not be isolated", counters => counters.IsolationFailures),
        Counted("blocks", "released", "blocks of tag storage given back", counters => counters.ReleasedBlocks, Better.Neither),
    ];

    private static IEnumerable<DesignColumn> Interruptions =>
    [
        Counted("interruptions", "IPIs", "CPUs interrupted: lru_cache_disable, drain_all_pages", counters => counters.Interrupts),
        Counted("interruptions", "drain all", "drain_all_pages calls", counters => counters.DrainAllCalls),
        Counted("interruptions", "drains", "per-CPU lists drained to the buddy lists", counters => counters.Drains),
        Counted("cache lines invalidated", "data", "data lines of the pages of a block, when it is reserved", counters => counters.DataLinesInvalidated),
        Counted("cache lines invalidated", "tag", "tag lines, when tagged pages are freed and when groups are dissolved", counters => counters.TagLinesInvalidated),
    ];

    private static IEnumerable<DesignColumn> Migrations =>
    [
        Counted("failed migrations", "pinned", "the page is pinned", counters => counters.PinnedMigrationFailures),
        Counted("failed migrations", "unmovable", "the page cannot move", counters => counters.UnmovableMigrationFailures),
        Counted("failed migrations", "no target", "no free page to move to", counters => counters.NoTargetMigrationFailures),
    ];

    private static IEnumerable<DesignColumn> Detours =>
    [
        Counted("detours", "put back", "pages that cannot be tagged, taken for a tagged request and put back", counters => counters.StorageCandidatesPutBack),
        Counted("detours", "replaced", "pages replaced, since they or their storage could not be had", counters => counters.ReplacedPages),
        Counted("detours", "converted", "groups of 32 pages and their tag page made or dissolved", counters => counters.BlockConversions),
    ];

    private static IEnumerable<DesignColumn> Pressure =>
    [
        Counted("pressure", "kswapd", "kswapd woken", counters => counters.KswapdWakes),
        Counted("pressure", "direct", "direct reclaims", counters => counters.DirectReclaims),
        DesignColumn.Count("drivers", "CMA failed", "ranges that a driver took in the recording and could not be had", Better.Lower, design => design.FailedRanges),
    ];

    private static DesignColumn Total => new(
        "all", "total", "modelled time of all that tag storage caused", Better.Lower, design => design.ModelledSeconds, design => Figures.Milliseconds(design.ModelledSeconds * 1e9));

    // One cost alone in an otherwise free table: the sum stays where it is defined, in CostTable.
    private static IEnumerable<Term> Terms(CostTable costs) =>
    [
        new("lookup", "LookupNs", "block is reserved already: look it up, count a reference", costs.LookupNs, Free with { LookupNs = costs.LookupNs }),
        new("buddy take", "BuddyTakeNs", "take a free chunk off the buddy lists", costs.BuddyTakeNs, Free with { BuddyTakeNs = costs.BuddyTakeNs }),
        new("copy", "CopyPageNs", "copy a page that is migrated", costs.CopyPageNs, Free with { CopyPageNs = costs.CopyPageNs }),
        new("remap", "MigrateBookkeepingNs", "unmap, allocate, remap, account a page that is migrated", costs.MigrateBookkeepingNs, Free with { MigrateBookkeepingNs = costs.MigrateBookkeepingNs }),
        new("isolate", "IsolateBlockNs", "isolate a pageblock and end its isolation", costs.IsolateBlockNs, Free with { IsolateBlockNs = costs.IsolateBlockNs }),
        new("IPIs", "InterruptNs", "interrupt a CPU and wait for it", costs.InterruptNs, Free with { InterruptNs = costs.InterruptNs }),
        new("cache lines", "CacheLineNs", "DC IVAC or DC IGVAC of a line", costs.CacheLineNs, Free with { CacheLineNs = costs.CacheLineNs }),
        new("faults", "FaultNs", "a fault taken because storage was missing", costs.FaultNs, Free with { FaultNs = costs.FaultNs }),
    ];

    private static DesignColumn Column(Term term) => new(
        "by cause", term.Head, term.Meaning, Better.Neither, design => term.Alone.TagStorageNs(design.Counters), design => Figures.Milliseconds(term.Alone.TagStorageNs(design.Counters)));

    private static DesignColumn Counted(string group, string head, string meaning, Func<KernelCounters, long> count, Better better = Better.Lower) =>
        DesignColumn.Count(group, head, meaning, better, design => count(design.Counters));

    private static void WriteTable(Markup html, CostTable costs)
    {
        html.Line($"<h3>Cost table</h3><div class=\"scroll\"><table class=\"plain\"><thead><tr><th>name</th><th>ns</th><th>of what</th></tr></thead><tbody>");
        foreach (Term term in Terms(costs))
        {
            html.Line($"<tr><td>{term.Name}</td><td>{term.Nanoseconds:#,0.##}</td><td>{term.Meaning}</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }

    private sealed record Term(string Head, string Name, string Meaning, double Nanoseconds, CostTable Alone);
}
