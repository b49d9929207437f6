namespace Palimpsest.Kernel.Costs;

/// <summary>What was done to have storage for tags, in counted steps; a price list makes a time of it.</summary>
/// <param name="Lookups">Blocks that were reserved already.</param>
/// <param name="Takes">Blocks that were free, and chunks that changed their group.</param>
/// <param name="MovedFrames">Frames moved out of the way, or to where there is storage.</param>
/// <param name="IsolatedBlocks">Pageblocks isolated.</param>
/// <param name="Interrupts">CPUs interrupted.</param>
/// <param name="CacheLines">Lines of data and tags invalidated.</param>
/// <param name="Faults">Faults on access: the page was moved, or its storage was busy.</param>
/// <param name="SearchedFrames">Frames looked at for a block to make active.</param>
public readonly record struct TagStorageWork(
    long Lookups, long Takes, long MovedFrames, long IsolatedBlocks, long Interrupts, long CacheLines, long Faults, long SearchedFrames)
{
    /// <summary>All of it so far.</summary>
    public static TagStorageWork Of(KernelCounters counters) => new(
        counters.AlreadyReserved,
        counters.ReservedFree + counters.BlockConversions,
        counters.TagMigratedFrames,
        counters.TagBlocksIsolated,
        counters.TagInterrupts,
        counters.DataLinesInvalidated + counters.TagLinesInvalidated,
        counters.ReplacedPages + counters.FailedReservations,
        counters.FramesSearched);

    /// <summary>Step by step.</summary>
    public static TagStorageWork operator +(in TagStorageWork one, in TagStorageWork other) => new(
        one.Lookups + other.Lookups, one.Takes + other.Takes, one.MovedFrames + other.MovedFrames,
        one.IsolatedBlocks + other.IsolatedBlocks, one.Interrupts + other.Interrupts, one.CacheLines + other.CacheLines,
        one.Faults + other.Faults, one.SearchedFrames + other.SearchedFrames);

    /// <summary>What was done between the two.</summary>
    public static TagStorageWork operator -(in TagStorageWork later, in TagStorageWork earlier) => new(
        later.Lookups - earlier.Lookups, later.Takes - earlier.Takes, later.MovedFrames - earlier.MovedFrames,
        later.IsolatedBlocks - earlier.IsolatedBlocks, later.Interrupts - earlier.Interrupts, later.CacheLines - earlier.CacheLines,
        later.Faults - earlier.Faults, later.SearchedFrames - earlier.SearchedFrames);
}
