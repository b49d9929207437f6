namespace Palimpsest.Kernel.Costs;

/// <summary>Exact counts of what the kernel did. Nothing here is a time.</summary>
public sealed class KernelCounters
{
    /// <summary>Requests that the page allocator answered with pages, of any order.</summary>
    public long Allocations;

    /// <summary>Folios given back to the page allocator, to a per-CPU list or past it.</summary>
    public long Frees;

    /// <summary>Requests that got nothing (mm_page_alloc with pfn 0).</summary>
    public long FailedAllocations;

    /// <summary>Chunks taken off the buddy lists, whatever for.</summary>
    public long BuddyTakes;

    /// <summary>Times that an empty per-CPU list asked the buddy lists for a batch (rmqueue_bulk).</summary>
    public long Refills;

    /// <summary>Frames that those batches brought.</summary>
    public long RefilledFrames;

    /// <summary>Folios of those batches: mm_page_alloc_zone_locked with percpu_refill.</summary>
    public long RefilledFolios;

    /// <summary>Times that a per-CPU list gave a batch back (free_pcppages_bulk).</summary>
    public long Drains;

    /// <summary>Frames that went back so.</summary>
    public long DrainedFrames;

    /// <summary>Folios that went back so: mm_page_pcpu_drain.</summary>
    public long DrainedFolios;

    /// <summary>Times that an allocation found a zone below its low watermark and woke kswapd.</summary>
    public long KswapdWakes;

    /// <summary>Times that an allocation had to reclaim by itself.</summary>
    public long DirectReclaims;

    /// <summary>Chunks taken from lists of another migratetype: mm_page_alloc_extfrag.</summary>
    public long ExternalFragmentation;

    /// <summary>Frames whose state was read to isolate, to claim or to convert a pageblock.</summary>
    public long FramesScanned;

    /// <summary>Calls of alloc_contig_range that were begun.</summary>
    public long RangeAllocations;

    /// <summary>Of them, those that ended without the range.</summary>
    public long RangeFailures;

    /// <summary>Pageblocks put to MIGRATE_ISOLATE (start_isolate_page_range).</summary>
    public long BlocksIsolated;

    /// <summary>Pageblocks that held what cannot be moved, so that they were not isolated.</summary>
    public long IsolationFailures;

    /// <summary>Times that the per-CPU lists of all CPUs were given back (drain_all_pages).</summary>
    public long DrainAllCalls;

    /// <summary>CPUs that were interrupted for that.</summary>
    public long Interrupts;

    /// <summary>Folios moved to other frames (migrate_pages).</summary>
    public long MigratedFolios;

    /// <summary>Frames of those folios.</summary>
    public long MigratedFrames;

    /// <summary>Folios that stayed because somebody has them pinned.</summary>
    public long PinnedMigrationFailures;

    /// <summary>Folios that stayed because what they hold cannot be moved.</summary>
    public long UnmovableMigrationFailures;

    /// <summary>Folios that stayed because there was no free page for them.</summary>
    public long NoTargetMigrationFailures;

    /// <summary>Of all that range allocations and migrations did, the part done to take tag storage or to tag a page.</summary>
    public long TagMigratedFrames;

    /// <summary>Pageblocks isolated for it.</summary>
    public long TagBlocksIsolated;

    /// <summary>CPUs interrupted for it.</summary>
    public long TagInterrupts;

    /// <summary>Tag pages that a tagged allocation needs and that were reserved already.</summary>
    public long AlreadyReserved;

    /// <summary>Tag pages that were free and were taken as they were.</summary>
    public long ReservedFree;

    /// <summary>Tag pages that were taken after what they held had been moved or dropped.</summary>
    public long ReservedByMigration;

    /// <summary>Tag pages that were wanted and could not be had.</summary>
    public long FailedReservations;

    /// <summary>Tag pages lent again, as the last tagged page of their block was freed.</summary>
    public long ReleasedBlocks;

    /// <summary>Lines of data cleaned and invalidated before a frame takes tags.</summary>
    public long DataLinesInvalidated;

    /// <summary>Lines of tags cleaned and invalidated before a frame takes data.</summary>
    public long TagLinesInvalidated;

    /// <summary>Pages mapped fault-on-access that were moved to a page with storage at their first access.</summary>
    public long ReplacedPages;

    /// <summary>Tagged requests that got an untagged page, or none, by the design's decision.</summary>
    public long RefusedTagged;

    /// <summary>Pages offered to a tagged request and put back, as they lie in tag storage.</summary>
    public long StorageCandidatesPutBack;

    /// <summary>Groups of 32+1 frames that went from one list of <c>tag-blocks</c> to another.</summary>
    public long BlockConversions;

    /// <summary>Frames looked at for a block to make active.</summary>
    public long FramesSearched;

    /// <summary>Frames of clean page cache that were dropped where they would have been moved.</summary>
    public long DroppedFrames;

    /// <summary>Frames of active blocks that data took for want of others.</summary>
    public long BorrowedFrames;

    /// <summary>Of the frames moved for tags: tagged ones moved together, and data that stood in their way.</summary>
    public long PackedFrames;

    /// <summary>Untagged folios, in frames, that were moved out of an active block so that tagged ones find room.</summary>
    public long GuestFrames;

    /// <summary>Of them, those that were tagged while in use.</summary>
    public long LateFrames;

    /// <summary>As it is now.</summary>
    public KernelCounters Copy() => (KernelCounters)MemberwiseClone();

    /// <summary>What the allocator and ranges did since is counted no more: it was somebody's who is no part of the machine.</summary>
    public void ForgetSince(KernelCounters before)
    {
        (Allocations, Frees, FailedAllocations) = (before.Allocations, before.Frees, before.FailedAllocations);
        (Refills, RefilledFrames, RefilledFolios) = (before.Refills, before.RefilledFrames, before.RefilledFolios);
        (Drains, DrainedFrames, DrainedFolios) = (before.Drains, before.DrainedFrames, before.DrainedFolios);
        (DrainAllCalls, Interrupts) = (before.DrainAllCalls, before.Interrupts);
        (RangeAllocations, RangeFailures) = (before.RangeAllocations, before.RangeFailures);
        (BlocksIsolated, IsolationFailures) = (before.BlocksIsolated, before.IsolationFailures);
        (MigratedFolios, MigratedFrames) = (before.MigratedFolios, before.MigratedFrames);
        ExternalFragmentation = before.ExternalFragmentation;
    }

    /// <summary>Failed attempts to move a folio, by any cause.</summary>
    public long MigrationFailures => PinnedMigrationFailures + UnmovableMigrationFailures + NoTargetMigrationFailures;
}
