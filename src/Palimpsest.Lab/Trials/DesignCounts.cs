using Palimpsest.Kernel.Costs;

namespace Palimpsest.Lab.Trials;

/// <summary>Exact counts of what the kernel did under a design, as <see cref="KernelCounters"/> names them.</summary>
public sealed record DesignCounts
{
    public long FailedAllocations { get; init; }

    public long RefusedTagged { get; init; }

    public long ExternalFragmentation { get; init; }

    public long KswapdWakes { get; init; }

    public long DirectReclaims { get; init; }

    public long Drains { get; init; }

    public long DrainedFrames { get; init; }

    public long DrainAllCalls { get; init; }

    public long Interrupts { get; init; }

    public long RangeAllocations { get; init; }

    public long RangeFailures { get; init; }

    public long BlocksIsolated { get; init; }

    public long IsolationFailures { get; init; }

    public long PinnedMigrationFailures { get; init; }

    public long UnmovableMigrationFailures { get; init; }

    public long NoTargetMigrationFailures { get; init; }

    public long TagMigratedFrames { get; init; }

    public long TagInterrupts { get; init; }

    public long AlreadyReserved { get; init; }

    public long ReservedFree { get; init; }

    public long ReservedByMigration { get; init; }

    public long FailedReservations { get; init; }

    public long ReleasedBlocks { get; init; }

    public long DataLinesInvalidated { get; init; }

    public long TagLinesInvalidated { get; init; }

    public long ReplacedPages { get; init; }

    public long StorageCandidatesPutBack { get; init; }

    public long BlockConversions { get; init; }

    public long PackedFrames { get; init; }

    public long GuestFrames { get; init; }

    public long LateFrames { get; init; }

    /// <summary>Clean page cache that was dropped where it would have been moved.</summary>
    public long DroppedFrames { get; init; }

    /// <summary>Frames of active blocks that data took for want of others.</summary>
    public long BorrowedFrames { get; init; }

    /// <summary>Frames moved for tags by no other cause: data out of tag storage.</summary>
    public long DataOutFrames => TagMigratedFrames - PackedFrames - GuestFrames - LateFrames;

    /// <summary>Allocations that got no memory, and tagged requests that were left untagged.</summary>
    public long Lost => FailedAllocations + RefusedTagged;

    public static DesignCounts Of(KernelCounters counters) => new()
    {
        FailedAllocations = counters.FailedAllocations,
        RefusedTagged = counters.RefusedTagged,
        ExternalFragmentation = counters.ExternalFragmentation,
        KswapdWakes = counters.KswapdWakes,
        DirectReclaims = counters.DirectReclaims,
        Drains = counters.Drains,
        DrainedFrames = counters.DrainedFrames,
        DrainAllCalls = counters.DrainAllCalls,
        Interrupts = counters.Interrupts,
        RangeAllocations = counters.RangeAllocations,
        RangeFailures = counters.RangeFailures,
        BlocksIsolated = counters.BlocksIsolated,
        IsolationFailures = counters.IsolationFailures,
        PinnedMigrationFailures = counters.PinnedMigrationFailures,
        UnmovableMigrationFailures = counters.UnmovableMigrationFailures,
        NoTargetMigrationFailures = counters.NoTargetMigrationFailures,
        TagMigratedFrames = counters.TagMigratedFrames,
        TagInterrupts = counters.TagInterrupts,
        AlreadyReserved = counters.AlreadyReserved,
        ReservedFree = counters.ReservedFree,
        ReservedByMigration = counters.ReservedByMigration,
        FailedReservations = counters.FailedReservations,
        ReleasedBlocks = counters.ReleasedBlocks,
        DataLinesInvalidated = counters.DataLinesInvalidated,
        TagLinesInvalidated = counters.TagLinesInvalidated,
        ReplacedPages = counters.ReplacedPages,
        StorageCandidatesPutBack = counters.StorageCandidatesPutBack,
        BlockConversions = counters.BlockConversions,
        PackedFrames = counters.PackedFrames,
        GuestFrames = counters.GuestFrames,
        LateFrames = counters.LateFrames,
        DroppedFrames = counters.DroppedFrames,
        BorrowedFrames = counters.BorrowedFrames,
    };
}
