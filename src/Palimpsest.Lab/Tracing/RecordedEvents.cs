namespace Palimpsest.Lab.Tracing;

/// <summary>The events of Linux that answer this program's questions, as system:name.</summary>
internal static class RecordedEvents
{
    /// <summary>What the page allocator gives and takes.</summary>
    public static IReadOnlyList<string> Allocator { get; } =
    [
        "kmem:mm_page_alloc", "kmem:mm_page_free", "kmem:mm_page_free_batched", "kmem:mm_page_alloc_zone_locked",
            "kmem:mm_page_pcpu_drain", "kmem:mm_page_alloc_extfrag",
    ];

    /// <summary>What moves pages, and takes ranges of them. Some kernels lack some.</summary>
    public static IReadOnlyList<string> Moves { get; } =
    [
        "migrate:set_migration_pte", "migrate:remove_migration_pte", "migrate:mm_migrate_pages_start",
        "compaction:mm_compaction_isolate_freepages", "page_isolation:test_pages_isolated", "cma:cma_alloc_finish", "cma:cma_release",
    ];

    /// <summary>A probe of arm64 that shows the pages mapped tagged.</summary>
    public const string Probe = "p:k_mte_sync_tags mte_sync_tags a=%x0:x64 b=%x1:x64";
}
