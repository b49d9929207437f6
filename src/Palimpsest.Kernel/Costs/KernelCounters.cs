namespace Palimpsest.Kernel.Costs;

/// <summary>Exact counts of what the kernel did. Nothing here is a time.</summary>
public sealed class KernelCounters
{
    public long Allocations;
    public long Frees;
    public long FailedAllocations;
    public long BuddyTakes;
    public long Refills;
    public long RefilledFrames;
    public long RefilledFolios;
    public long Drains;
    public long DrainedFrames;
    public long DrainedFolios;
    public long KswapdWakes;
    public long DirectReclaims;
    public long ExternalFragmentation;
    public long FramesScanned;

    public long RangeAllocations;
    public long RangeFailures;
    public long BlocksIsolated;
    public long IsolationFailures;
    public long DrainAllCalls;
    public long Interrupts;

    public long MigratedFolios;
    public long MigratedFrames;
    public long PinnedMigrationFailures;
    public long UnmovableMigrationFailures;
    public long NoTargetMigrationFailures;

    /// <summary>Of all that range allocations and migrations did, the part done to take tag storage or to tag a page.</summary>
    public long TagMigratedFrames;
    public long TagBlocksIsolated;
    public long TagInterrupts;

    public long AlreadyReserved;
    public long ReservedFree;
    public long ReservedByMigration;
    public long FailedReservations;
    public long ReleasedBlocks;
    public long DataLinesInvalidated;
    public long TagLinesInvalidated;
    public long ReplacedPages;
    public long RefusedTagged;
    public long StorageCandidatesPutBack;
    public long BlockConversions;

    /// <summary>Frames looked at for a block to make active.</summary>
    public long FramesSearched;

    /// <summary>Frames of clean page cache that were dropped where they would have been moved.</summary>
    public long DroppedFrames;

    /// <summary>Frames of active blocks that data took for want of others.</summary>
    public long BorrowedFrames;

    /// <summary>Of the frames moved for tags: tagged ones moved together, and data that stood in their way.</summary>
    public long PackedFrames;
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
