using System.Collections.Frozen;

namespace Palimpsest.Traces.Perfetto;

/// <summary>
/// The events of memory and of tasks that have a message of their own: number of its field in FtraceEvent, and the numbers of
/// the fields that are wanted of it (protos/perfetto/trace/ftrace/ftrace_event.proto, kmem.proto, cma.proto, compaction.proto).
/// </summary>
internal static class KnownEvents
{
    public const uint SchedSwitch = 4;
    public const uint SchedWakeup = 17;
    public const uint SchedWaking = 20;
    public const uint SchedWakeupNew = 114;
    public const uint ZoneLocked = 309;
    public const uint TaskNewTask = 235;
    public const uint TaskRename = 236;
    public const uint ProcessExit = 238;
    public const uint ProcessFork = 239;

    private static readonly FrozenDictionary<uint, string> _names = new Dictionary<uint, string>
    {
        [3] = "tracing_mark_write",
        [SchedSwitch] = "sched_switch",
        [SchedWakeup] = "sched_wakeup",
        [SchedWaking] = "sched_waking",
        [35] = "lowmemory_kill",
        [46] = "mm_vmscan_direct_reclaim_begin",
        [47] = "mm_vmscan_direct_reclaim_end",
        [48] = "mm_vmscan_kswapd_wake",
        [49] = "mm_vmscan_kswapd_sleep",
        [97] = "mm_filemap_add_to_page_cache",
        [98] = "mm_filemap_delete_from_page_cache",
        [99] = "mm_compaction_begin",
        [100] = "mm_compaction_defer_compaction",
        [101] = "mm_compaction_deferred",
        [102] = "mm_compaction_defer_reset",
        [103] = "mm_compaction_end",
        [104] = "mm_compaction_finished",
        [105] = "mm_compaction_isolate_freepages",
        [106] = "mm_compaction_isolate_migratepages",
        [107] = "mm_compaction_kcompactd_sleep",
        [108] = "mm_compaction_kcompactd_wake",
        [109] = "mm_compaction_migratepages",
        [110] = "mm_compaction_suitable",
        [111] = "mm_compaction_try_to_compact_pages",
        [112] = "mm_compaction_wakeup_kcompactd",
        [SchedWakeupNew] = "sched_wakeup_new",
        [TaskNewTask] = "task_newtask",
        [TaskRename] = "task_rename",
        [237] = "sched_process_exec",
        [ProcessExit] = "sched_process_exit",
        [ProcessFork] = "sched_process_fork",
        [240] = "sched_process_free",
        [307] = "mm_page_alloc",
        [308] = "mm_page_alloc_extfrag",
        [309] = "mm_page_alloc_zone_locked",
        [310] = "mm_page_free",
        [311] = "mm_page_free_batched",
        [312] = "mm_page_pcpu_drain",
        [313] = "rss_stat",
        [326] = "oom_score_adj_update",
        [328] = "mm_event_record",
        [329] = "sys_enter",
        [330] = "sys_exit",
        [359] = "rss_stat_throttled",
        [443] = "mm_shrink_slab_start",
        [444] = "mm_shrink_slab_end",
        [465] = "cma_alloc_start",
        [466] = "cma_alloc_info",
        [576] = "cma_alloc_finish",
        [577] = "mm_alloc_contig_migrate_range_info",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<uint, (string Name, uint Number)[]> _fields = new Dictionary<uint, (string, uint)[]>
    {
        [105] = [("start_pfn", 1), ("end_pfn", 2), ("nr_taken", 4)],
        [307] = [("gfp_flags", 1), ("migratetype", 2), ("order", 3), ("pfn", 5)],
        [308] = [("alloc_migratetype", 1), ("alloc_order", 2), ("pfn", 7)],
        [309] = [("migratetype", 1), ("order", 2), ("pfn", 4)],
        [310] = [("order", 1), ("pfn", 3)],
        [311] = [("pfn", 3)],
        [312] = [("migratetype", 1), ("order", 2), ("pfn", 4)],
        [576] = [("pfn", 2), ("count", 4)],
    }.ToFrozenDictionary();

    /// <summary>The kernel's name of an event; its number in the format if it is none of memory.</summary>
    public static string NameOf(uint number) => _names.GetValueOrDefault(number) ?? $"(Perfetto event {number})";

    public static IReadOnlyList<(string Name, uint Number)> FieldsOf(uint number) => _fields.GetValueOrDefault(number) ?? [];
}
