using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Columns;

/// <summary>All figures of a design in a closed loop, in the order of version 1.</summary>
internal static class LoopColumns
{
    private static readonly string[] OfReplaysOnly = [StorageColumns.GivenBackMinTime, StorageColumns.GivenBackPercent];

    public static IReadOnlyList<Column<LoopDesignResult>> All { get; } =
    [
        .. StorageColumns.Of<LoopDesignResult>(row => row.Storage, row => row.PageBytes)
            .Select(column => OfReplaysOnly.Contains(column.Id) ? column with { IsInJson = false } : column),
        Counted("migrations", "tag storage", "moved", "pages moved for tags: out of tag storage, or to where there is storage",
            Better.Lower, row => row.Counts.TagMigratedFrames),
        .. MoveColumns.Of<LoopDesignResult>(row => row.Counts),
        Counted("replaced_pages", "tag storage", "replaced", "pages replaced, since they or their storage could not be had", Better.Lower,
            row => row.Counts.ReplacedPages),
        Counted("extfrag_events", "allocations", "extfrag", "mm_page_alloc_extfrag: a request took a pageblock of another migratetype",
            Better.Lower, row => row.Counts.ExternalFragmentation),
        Counted("failed_reservations", "tag storage", "busy", "reservations that failed: guests could not move out", Better.Lower,
            row => row.Counts.FailedReservations),
        Counted("tag_interrupts", "tag storage", "IPIs", "CPUs interrupted for tag storage", Better.Lower,
            row => row.Counts.TagInterrupts) with { JsonName = "interrupts" },
        .. Events,
        Counted("restarts", "processes", "restarts", "processes that were killed, or got a signal, and were started anew", Better.Lower,
            row => row.Restarts),
        Counted("law_violations", "laws", "broken", "violations found by the audit at the end", Better.Lower, row => row.Violations.Count),
        new("saved_percent", "reclaim", "saved", Unit.Percent, "share of what today's machine (static) reclaimed that this design did not",
            Better.Higher, row => 100 * (row.SavedShare ?? 0))
        {
            IsInJson = false, IsMeasured = row => row.SavedShare is not null,
        },
    ];

    /// <exception cref="KeyNotFoundException">No column has the id.</exception>
    public static Column<LoopDesignResult> Named(string id) =>
        All.FirstOrDefault(column => column.Id == id) ?? throw new KeyNotFoundException($"no column of loops is called {id}");

    private static IEnumerable<Column<LoopDesignResult>> Events =>
    [
        Counted("minor_faults", "faults", "minor", "faults that needed no file and no swap", Better.Neither, row => row.Events.MinorFaults),
        Counted("huge_faults", "faults", "huge", "of them, those that mapped a huge page", Better.Neither, row => row.Events.HugeFaults),
        Counted("copies_on_write", "faults", "copies", "pages copied when they were first written", Better.Neither,
            row => row.Events.CopiesOnWrite),
        Counted("faults_on_access", "faults", "fault", "first accesses to tagged pages without storage", Better.Lower,
            row => row.Events.FaultsOnAccess),
        Counted("swap_ins", "reclaim", "swapped in", "pages that came back from swap", Better.Lower, row => row.Events.SwapIns),
        Counted("swap_outs", "reclaim", "out", "pages swapped out", Better.Lower, row => row.Events.SwapOuts),
        Counted("refaults", "reclaim", "back", "pages that came back from swap or a file", Better.Lower, row => row.Events.Refaults),
        Counted("file_reads", "files", "read", "pages read from files", Better.Lower, row => row.Events.FileReads),
        Counted("file_writes", "files", "written", "pages written to files", Better.Lower, row => row.Events.FileWrites),
        Counted("file_pages_dropped", "reclaim", "dropped", "clean file pages thrown out", Better.Lower,
            row => row.Events.FilePagesDropped),
        Counted("pages_scanned", "reclaim", "scanned", "pages that reclaim looked at", Better.Lower, row => row.Events.PagesScanned),
        Counted("kswapd_wakes", "reclaim", "kswapd", "kswapd woken", Better.Lower, row => row.Events.KswapdWakes),
        Counted("direct_reclaims", "reclaim", "direct", "direct reclaims", Better.Lower, row => row.Events.DirectReclaims),
        Counted("compacted_pages", "reclaim", "compacted", "pages moved by compaction", Better.Neither, row => row.Events.CompactedPages),
        Counted("oom_kills", "processes", "oom", "processes killed for want of memory", Better.Lower, row => row.Events.OomKills),
    ];

    private static Column<LoopDesignResult> Counted(string id, string group, string heading, string meaning, Better better,
        Func<LoopDesignResult, long> count) =>
        new(id, group, heading, Unit.Count, meaning, better, row => count(row));
}
