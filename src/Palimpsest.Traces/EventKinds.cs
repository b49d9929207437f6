namespace Palimpsest.Traces;

/// <summary>Which of the kernel's events are kept.</summary>
public static class EventKinds
{
    /// <summary>The kind of event a name stands for; null if it is only counted.</summary>
    public static TraceEventKind? Of(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("mm_page_alloc"u8) => TraceEventKind.Allocate,
        _ when name.SequenceEqual("mm_page_free"u8) => TraceEventKind.Free,
        _ when name.SequenceEqual("mm_page_free_batched"u8) => TraceEventKind.FreeBatched,

        // The names up to 3.2; since 2.6.34 the second comes with one of the first, as today.
        _ when name.SequenceEqual("mm_page_free_direct"u8) => TraceEventKind.Free,
        _ when name.SequenceEqual("mm_pagevec_free"u8) => TraceEventKind.FreeBatched,
        _ when name.SequenceEqual("mm_page_alloc_zone_locked"u8) => TraceEventKind.Refill,
        _ when name.SequenceEqual("mm_page_pcpu_drain"u8) => TraceEventKind.Drain,
        _ when name.SequenceEqual("mm_page_alloc_extfrag"u8) => TraceEventKind.ExternalFragmentation,
        _ when name.SequenceEqual("cma_alloc_finish"u8) => TraceEventKind.CmaAllocate,

        // The name in 4.4.
        _ when name.SequenceEqual("cma_alloc"u8) => TraceEventKind.CmaAllocate,
        _ when name.SequenceEqual("cma_release"u8) => TraceEventKind.CmaRelease,
        _ when name.SequenceEqual("set_migration_pte"u8) => TraceEventKind.MigrationSource,
        _ when name.SequenceEqual("remove_migration_pte"u8) => TraceEventKind.MigrationTarget,
        _ when name.SequenceEqual("mm_migrate_pages_start"u8) => TraceEventKind.RangeMigration,
        _ when name.SequenceEqual("test_pages_isolated"u8) => TraceEventKind.RangeIsolated,
        _ when name.SequenceEqual("mm_compaction_isolate_freepages"u8) => TraceEventKind.FreeIsolated,

        // A probe has any name: p:k_mte_sync_tags mte_sync_tags a=%x0:x64 b=%x1:x64
        _ when name.EndsWith("mte_sync_tags"u8) => TraceEventKind.TaggedMapping,
        _ => TagStorageEvents.KindOf(name),
    };

    /// <summary>The name that the kernel gives an event of this kind today; empty where several have it or the kind has none.</summary>
    public static string NameOf(TraceEventKind kind) => kind switch
    {
        TraceEventKind.Allocate or TraceEventKind.AllocateFailed => "mm_page_alloc",
        TraceEventKind.Free => "mm_page_free",
        TraceEventKind.FreeBatched => "mm_page_free_batched",
        TraceEventKind.Refill => "mm_page_alloc_zone_locked",
        TraceEventKind.Drain => "mm_page_pcpu_drain",
        TraceEventKind.ExternalFragmentation => "mm_page_alloc_extfrag",
        TraceEventKind.CmaAllocate => "cma_alloc_finish",
        TraceEventKind.CmaRelease => "cma_release",
        _ => TagStorageEvents.NameOf(kind),
    };

    /// <summary>
    /// Reads the arguments of mte_sync_tags; false if the page is not mapped tagged. Up to 6.6 these are the old entry of the
    /// page table and the new one, later the new entry and a number of pages (arch/arm64/kernel/mte.c).
    /// </summary>
    public static bool TryReadTaggedMapping(ulong a, ulong b, ref TraceEvent item)
    {
        const ulong MostPages = 0xffff;
        ulong entry = b > MostPages ? b : a;
        ulong pages = b is > 0 and <= MostPages ? b : PageTableEntry.IsBlock(entry) ? PageTableEntry.PagesOfBlock : 1;
        ulong pfn = PageTableEntry.PfnOf(entry);
        item.Pfn = new Vocabulary.Pfn(pfn);
        item.Value = (int)pages;
        return entry > MostPages && PageTableEntry.IsTagged(entry);
    }
}
