using Palimpsest.Lab.Trials;
using static Palimpsest.Reports.Columns.StorageColumns;

namespace Palimpsest.Reports.Columns;

/// <summary>All figures of a design in a comparison, in the order of version 1.</summary>
internal static class DesignColumns
{
    private static readonly string[] OfUse = [UsedMean, UsedMax];

    public static IReadOnlyList<Column<DesignResult>> All { get; } =
    [
        .. StorageColumns.Of<DesignResult>(row => row.Storage, row => row.PageBytes)
            .Select(column => OfUse.Contains(column.Id) ? column with { IsMeasured = row => row.KnowsUse } : column),
        .. Migrations,
        .. Reservations,
        .. Latency,
        .. Pressure,
        .. Drivers,
        Counted("law_violations", "laws", "broken", "violations found by the audit at the end", Better.Lower,
            row => row.Violations.Count) with { IsInCsv = true },
        .. Interruptions,
        .. Causes,
    ];

    /// <exception cref="KeyNotFoundException">No column has the id.</exception>
    public static Column<DesignResult> Named(string id) =>
        All.FirstOrDefault(column => column.Id == id) ?? throw new KeyNotFoundException($"no column of designs is called {id}");

    internal static IReadOnlyList<Column<DesignResult>> Named(params IEnumerable<string> ids) => [.. ids.Select(Named)];

    private static IEnumerable<Column<DesignResult>> Migrations =>
    [
        Counted("migrations", "migrated", "pages", "pages moved for tags: out of tag storage, or to where there is storage",
            Better.Lower, row => row.Counts.TagMigratedFrames) with { IsInCsv = true },
        new("migrated_mib", "migrated", "MiB", Unit.Mebibytes, "the same in bytes", Better.Lower,
            row => Mebibytes(row.Counts.TagMigratedFrames, row.PageBytes)),
        .. MoveColumns.Of<DesignResult>(row => row.Counts),
        Counted("migration_failures.pinned", "failed migrations", "pinned", "the page is pinned", Better.Lower,
            row => row.Counts.PinnedMigrationFailures),
        Counted("migration_failures.unmovable", "failed migrations", "unmovable", "the page cannot move", Better.Lower,
            row => row.Counts.UnmovableMigrationFailures),
        Counted("migration_failures.no_target", "failed migrations", "no target", "no free page to move to", Better.Lower,
            row => row.Counts.NoTargetMigrationFailures),
    ];

    private static IEnumerable<Column<DesignResult>> Reservations =>
    [
        Counted("reservations.already", "reservations", "already", "the block was reserved already", Better.Neither,
            row => row.Counts.AlreadyReserved) with { IsInCsv = true },
        Counted("reservations.free", "reservations", "free", "the block was free", Better.Neither,
            row => row.Counts.ReservedFree) with { IsInCsv = true },
        Counted("reservations.migrate", "reservations", "migrate", "guests had to move out", Better.Lower,
            row => row.Counts.ReservedByMigration) with { IsInCsv = true },
        Counted("reservations.failed", "reservations", "failed", "the block stayed busy: guests could not move out", Better.Lower,
            row => row.Counts.FailedReservations) with { IsInCsv = true },
    ];

    private static IEnumerable<Column<DesignResult>> Latency =>
    [
        Time("p50", "median wait of a tagged allocation for its storage", row => row.Latency.P50) with { IsInCsv = true },
        Time("p90", "9 of 10 wait less", row => row.Latency.P90),
        Time("p99", "99 of 100 wait less", row => row.Latency.P99) with { IsInCsv = true },
        Time("max", "longest wait", row => row.Latency.Max) with { IsInCsv = true },
        Spent("tag_storage_modelled_s", "all", "total", "modelled time of all that tag storage caused", Better.Lower,
            row => row.Costs.Total) with { IsInJson = true },
    ];

    private static IEnumerable<Column<DesignResult>> Pressure =>
    [
        Counted("refused_tagged_allocations", "allocations", "refused", "requests for a tagged page that were left untagged", Better.Lower,
            row => row.Counts.RefusedTagged) with { IsInCsv = true },
        Counted("failed_allocations", "allocations", "failed", "allocations that got no memory", Better.Lower,
            row => row.Counts.FailedAllocations) with { IsInCsv = true },
        Counted("lost_requests", "allocations", "lost", "allocations that got no memory, and tagged requests that were left untagged",
            Better.Lower, row => row.Counts.Lost) with { IsInJson = false },
        Counted("extfrag_events", "allocations", "extfrag", "mm_page_alloc_extfrag: a request took a pageblock of another migratetype",
            Better.Lower, row => row.Counts.ExternalFragmentation) with { IsInCsv = true },
        Counted("range_allocations", "ranges", "allocated", "alloc_contig_range calls", Better.Lower, row => row.Counts.RangeAllocations),
        Counted("pageblocks_isolated", "pageblocks", "isolated", "set to MIGRATE_ISOLATE and back", Better.Lower,
            row => row.Counts.BlocksIsolated),
        Counted("interrupts", "interruptions", "IPIs", "CPUs interrupted, for whatever: lru_cache_disable, drain_all_pages", Better.Lower,
            row => row.Counts.Interrupts),
        Counted("drained_pages", "interruptions", "drained", "pages given back by per-CPU lists", Better.Neither,
            row => row.Counts.DrainedFrames),
        Counted("direct_reclaims", "pressure", "direct", "direct reclaims", Better.Lower, row => row.Counts.DirectReclaims),
    ];

    private static IEnumerable<Column<DesignResult>> Drivers =>
    [
        Counted("failed_ranges", "drivers", "CMA failed", "ranges that a driver took in the recording and could not be had", Better.Lower,
            row => row.FailedRanges),
    ];

    private static IEnumerable<Column<DesignResult>> Interruptions =>
        new Column<DesignResult>[]
        {
            Counted("range_failures", "ranges", "failed", "of them, those that could not be had", Better.Lower,
                row => row.Counts.RangeFailures),
            Counted("pageblocks_busy", "pageblocks", "busy", "could not be isolated", Better.Lower, row => row.Counts.IsolationFailures),
            Counted("blocks_released", "blocks", "released", "blocks of tag storage given back", Better.Neither,
                row => row.Counts.ReleasedBlocks),
            Counted("drain_all_calls", "interruptions", "drain all", "drain_all_pages calls", Better.Lower,
                row => row.Counts.DrainAllCalls),
            Counted("drains", "interruptions", "drains", "per-CPU lists drained to the buddy lists", Better.Lower,
                row => row.Counts.Drains),
            Counted("data_lines_invalidated", "cache lines invalidated", "data", "data lines of the pages of a block, when it is reserved",
                Better.Lower, row => row.Counts.DataLinesInvalidated),
            Counted("tag_lines_invalidated", "cache lines invalidated", "tag", "tag lines, when tagged pages are freed and when groups "
                + "are dissolved", Better.Lower, row => row.Counts.TagLinesInvalidated),
            Counted("candidates_put_back", "detours", "put back", "pages that cannot be tagged, taken for a tagged request and put back",
                Better.Lower, row => row.Counts.StorageCandidatesPutBack),
            Counted("replaced_pages", "detours", "replaced", "pages replaced, since they or their storage could not be had", Better.Lower,
                row => row.Counts.ReplacedPages),
            Counted("block_conversions", "detours", "converted", "groups of 32 pages and their tag page made or dissolved", Better.Lower,
                row => row.Counts.BlockConversions),
            Counted("dropped_pages", "detours", "dropped", "clean page cache that was dropped where it would have been moved", Better.Lower,
                row => row.Counts.DroppedFrames),
            Counted("borrowed_pages", "detours", "borrowed", "pages of active blocks that data took for want of others", Better.Neither,
                row => row.Counts.BorrowedFrames),
            Counted("kswapd_wakes", "pressure", "kswapd", "kswapd woken", Better.Lower, row => row.Counts.KswapdWakes),
        }.Select(column => column with { IsInJson = false });

    private static IEnumerable<Column<DesignResult>> Causes => CostCauses.All.Select(cause =>
        Spent("modelled." + cause.Id, "by cause", cause.Heading, cause.Meaning, Better.Neither, row => cause.Nanoseconds(row.Costs)));

    private static Column<DesignResult> Counted(string id, string group, string heading, string meaning, Better better,
        Func<DesignResult, long> count) =>
        new(id, group, heading, Unit.Count, meaning, better, row => count(row));

    private static Column<DesignResult> Time(string percentile, string meaning, Func<DesignResult, long> nanoseconds) =>
        new("reserve_latency_modelled_ns." + percentile, "modelled wait, µs", percentile, Unit.Nanoseconds, meaning, Better.Lower,
            row => nanoseconds(row))
        {
            IsMeasured = row => row.Latency.Max > 0,
        };

    private static Column<DesignResult> Spent(string id, string group, string heading, string meaning, Better better,
        Func<DesignResult, double> nanoseconds) =>
        new(id, group, heading, Unit.Seconds, meaning, better, row => nanoseconds(row) / 1e9) { Decimals = 5, IsInJson = false };
}
