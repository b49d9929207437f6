using Palimpsest.Kernel.Costs;

namespace Palimpsest.Lab.Trials;

/// <summary>Exact counts of what the kernel did under a design, as <see cref="KernelCounters"/> names them.</summary>
public sealed record DesignCounts
{
    /// <inheritdoc cref="KernelCounters.FailedAllocations"/>
    public long FailedAllocations { get; init; }

    /// <inheritdoc cref="KernelCounters.RefusedTagged"/>
    public long RefusedTagged { get; init; }

    /// <inheritdoc cref="KernelCounters.ExternalFragmentation"/>
    public long ExternalFragmentation { get; init; }

    /// <inheritdoc cref="KernelCounters.KswapdWakes"/>
    public long KswapdWakes { get; init; }

    /// <inheritdoc cref="KernelCounters.DirectReclaims"/>
    public long DirectReclaims { get; init; }

    /// <inheritdoc cref="KernelCounters.Drains"/>
    public long Drains { get; init; }

    /// <inheritdoc cref="KernelCounters.DrainedFrames"/>
    public long DrainedFrames { get; init; }

    /// <inheritdoc cref="KernelCounters.DrainAllCalls"/>
    public long DrainAllCalls { get; init; }

    /// <inheritdoc cref="KernelCounters.Interrupts"/>
    public long Interrupts { get; init; }

    /// <inheritdoc cref="KernelCounters.RangeAllocations"/>
    public long RangeAllocations { get; init; }

    /// <inheritdoc cref="KernelCounters.RangeFailures"/>
    public long RangeFailures { get; init; }

    /// <inheritdoc cref="KernelCounters.BlocksIsolated"/>
    public long BlocksIsolated { get; init; }

    /// <inheritdoc cref="KernelCounters.IsolationFailures"/>
    public long IsolationFailures { get; init; }

    /// <inheritdoc cref="KernelCounters.PinnedMigrationFailures"/>
    public long PinnedMigrationFailures { get; init; }

    /// <inheritdoc cref="KernelCounters.UnmovableMigrationFailures"/>
    public long UnmovableMigrationFailures { get; init; }

    /// <inheritdoc cref="KernelCounters.NoTargetMigrationFailures"/>
    public long NoTargetMigrationFailures { get; init; }

    /// <inheritdoc cref="KernelCounters.TagMigratedFrames"/>
    public long TagMigratedFrames { get; init; }

    /// <inheritdoc cref="KernelCounters.TagInterrupts"/>
    public long TagInterrupts { get; init; }

    /// <inheritdoc cref="KernelCounters.AlreadyReserved"/>
    public long AlreadyReserved { get; init; }

    /// <inheritdoc cref="KernelCounters.ReservedFree"/>
    public long ReservedFree { get; init; }

    /// <inheritdoc cref="KernelCounters.ReservedByMigration"/>
    public long ReservedByMigration { get; init; }

    /// <inheritdoc cref="KernelCounters.FailedReservations"/>
    public long FailedReservations { get; init; }

    /// <inheritdoc cref="KernelCounters.ReleasedBlocks"/>
    public long ReleasedBlocks { get; init; }

    /// <inheritdoc cref="KernelCounters.DataLinesInvalidated"/>
    public long DataLinesInvalidated { get; init; }

    /// <inheritdoc cref="KernelCounters.TagLinesInvalidated"/>
    public long TagLinesInvalidated { get; init; }

    /// <inheritdoc cref="KernelCounters.ReplacedPages"/>
    public long ReplacedPages { get; init; }

    /// <inheritdoc cref="KernelCounters.StorageCandidatesPutBack"/>
    public long StorageCandidatesPutBack { get; init; }

    /// <inheritdoc cref="KernelCounters.BlockConversions"/>
    public long BlockConversions { get; init; }

    /// <inheritdoc cref="KernelCounters.PackedFrames"/>
    public long PackedFrames { get; init; }

    /// <inheritdoc cref="KernelCounters.GuestFrames"/>
    public long GuestFrames { get; init; }

    /// <inheritdoc cref="KernelCounters.LateFrames"/>
    public long LateFrames { get; init; }

    /// <summary>Clean page cache that was dropped where it would have been moved.</summary>
    public long DroppedFrames { get; init; }

    /// <summary>Frames of active blocks that data took for want of others.</summary>
    public long BorrowedFrames { get; init; }

    /// <summary>Frames moved for tags by no other cause: data out of tag storage.</summary>
    public long DataOutFrames => TagMigratedFrames - PackedFrames - GuestFrames - LateFrames;

    /// <summary>Allocations that got no memory, and tagged requests that were left untagged.</summary>
    public long Lost => FailedAllocations + RefusedTagged;

    /// <summary>Those that a result keeps, as they are now.</summary>
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
