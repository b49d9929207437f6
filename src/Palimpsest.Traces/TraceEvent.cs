using System.Runtime.InteropServices;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces;

/// <summary>What a recorded event says; names are those of the kernel's tracepoints.</summary>
public enum TraceEventKind : byte
{
    /// <summary>kmem:mm_page_alloc with a page.</summary>
    Allocate,

    /// <summary>kmem:mm_page_alloc without one (pfn 0 in text): the recorded kernel had no memory to give.</summary>
    AllocateFailed,

    /// <summary>kmem:mm_page_free, the only event that frees.</summary>
    Free,

    /// <summary>kmem:mm_page_free_batched repeats a Free of the same page; it tells that the page was on the LRU.</summary>
    FreeBatched,

    /// <summary>kmem:mm_page_alloc_zone_locked: a page moved from the buddy lists.</summary>
    Refill,

    /// <summary>kmem:mm_page_pcpu_drain.</summary>
    Drain,

    /// <summary>kmem:mm_page_alloc_extfrag; <see cref="TraceEvent.Value"/> is the migratetype whose pageblock is taken.</summary>
    ExternalFragmentation,

    /// <summary>cma:cma_alloc_finish with a page; <see cref="TraceEvent.Value"/> is the number of pages.</summary>
    CmaAllocate,

    /// <summary>cma:cma_release; <see cref="TraceEvent.Value"/> is the number of pages.</summary>
    CmaRelease,

    /// <summary>migrate:remove_migration_pte: <see cref="TraceEvent.Pfn"/> is the page now mapped.</summary>
    MigrationTarget,

    /// <summary>migrate:set_migration_pte: <see cref="TraceEvent.Pfn"/> is the page that is leaving.</summary>
    MigrationSource,

    /// <summary>migrate:mm_migrate_pages_start with reason contig_range: a range allocation moves pages out.</summary>
    RangeMigration,

    /// <summary>migrate:mm_migrate_pages_start with reason compaction.</summary>
    CompactionMigration,

    /// <summary>
    /// page_isolation:test_pages_isolated that succeeded: the <see cref="TraceEvent.Value"/> pages asked for, from
    /// <see cref="TraceEvent.Pfn"/> on, are free and isolated, and are taken next with the rest of their chunks.
    /// </summary>
    RangeIsolated,

    /// <summary>
    /// compaction:mm_compaction_isolate_freepages: <see cref="TraceEvent.Value"/> free pages from <see cref="TraceEvent.Pfn"/>
    /// on were taken off the buddy lists, by compaction or for a range allocation.
    /// </summary>
    FreeIsolated,

    /// <summary>
    /// A kprobe on arm64's mte_sync_tags: <see cref="TraceEvent.Value"/> pages from <see cref="TraceEvent.Pfn"/> on are mapped
    /// tagged. Kept in <see cref="Trace.TaggedMappings"/>, not among the events.
    /// </summary>
    TaggedMapping,

    /// <summary>
    /// mts:mts_reserve_start: storage is about to be taken for a page; <see cref="TraceEvent.Value"/> is the first page of its first
    /// block (low 31 bits of the pfn). This and the rest: <see cref="TagStorageEvents"/>.
    /// </summary>
    StorageReserveBegin,

    /// <summary>mts:mts_reserve: how that ended; <see cref="TraceEvent.MigrateType"/> is the path: flag, present, free, contig, mixed,
    /// failed, nomap.</summary>
    StorageReserve,

    /// <summary>mts:mts_block: a block enters or leaves the reserved set; how: contig, free, release, unwind.</summary>
    StorageBlock,

    /// <summary>mts:mts_free: a page with storage is freed.</summary>
    StorageFree,

    /// <summary>mts:mts_mark: <see cref="TraceEvent.Value"/> pages are mapped fault-on-access.</summary>
    StorageMark,

    /// <summary>
    /// mts:mts_fault: the end of a fault on such a page: map, retry, replay, replace, isolated_retry, isolated_replay;
    /// <see cref="TraceEvent.Value"/> is the flags of the fault.
    /// </summary>
    StorageFault,

    /// <summary>mts:mts_tagged: a page's tags are valid from now on: map, zero, copy, swap, saved.</summary>
    StorageTagged,

    /// <summary>mts:mts_saved: the store by pfn: swapin, copy, move, restore, drop, lost, to_hw.</summary>
    TagsSaved,

    /// <summary>cma:cma_alloc_range_start: <see cref="TraceEvent.Value"/> pages are asked for by their pfn.</summary>
    ExactRangeBegin,

    /// <summary>cma:cma_alloc_range_finish; <see cref="TraceEvent.MigrateType"/> is 1 where they came off the buddy lists.</summary>
    ExactRangeEnd,
}

/// <summary>One event of a recording, packed in 28 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public struct TraceEvent
{
    /// <summary>Trace clock in nanoseconds (ticks where the clock is not a time; see <see cref="Trace.Clock"/>).</summary>
    public long TimeNs;
    private uint _pfnLow;
    private byte _pfnHigh;

    /// <summary>Which event it is; what other fields mean depends on it.</summary>
    public TraceEventKind Kind;

    /// <summary>Buddy order; 0..63 as recorded, the replay refuses those above <see cref="Vocabulary.Order.Max"/>.</summary>
    public byte Order;

    /// <summary>Migratetype number as recorded; how it went, of events of tag storage.</summary>
    public byte MigrateType;

    /// <summary>CPU that it was recorded on.</summary>
    public ushort Cpu;

    /// <summary>Index into <see cref="Trace.GfpSets"/> of Allocate and AllocateFailed; see <see cref="TagStorageEvents"/>.</summary>
    public ushort Gfp;

    /// <summary>Index into <see cref="Trace.Tasks"/>.</summary>
    public int Task;

    /// <summary>Number of pages of CMA events, percpu_refill of Refill, 1 for a tagged MigrationTarget.</summary>
    public int Value;

    /// <summary>Page frame number, at most <see cref="Vocabulary.Pfn.MaxValue"/>.</summary>
    public Pfn Pfn
    {
        readonly get => new(((ulong)_pfnHigh << 32) | _pfnLow);
        set
        {
            _pfnLow = (uint)value.Value;
            _pfnHigh = (byte)(value.Value >> 32);
        }
    }
}

/// <summary>The thread that an event names.</summary>
public readonly record struct TraceTask(int Pid, string Comm);
