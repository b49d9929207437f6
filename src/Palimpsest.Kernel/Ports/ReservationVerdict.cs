using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Ports;

/// <summary>What a design may look at when a page is about to be tagged.</summary>
/// <param name="IsAllocation">True for a new page, false for one that is in use (mprotect).</param>
/// <param name="ActiveBlocks">Tag blocks reserved now.</param>
public readonly record struct TaggedView(Order Order, bool IsAllocation, int ActiveBlocks);

/// <summary>Port 3: when the storage of a page that is about to be tagged is taken.</summary>
public enum ReservationVerdict
{
    /// <summary>There is nothing to take: storage is always active.</summary>
    AlwaysActive,

    /// <summary>Tagging is impossible; the page stays untagged.</summary>
    Refuse,

    /// <summary>Now; a page whose storage is busy goes to the tail of its list and the next one is tried.</summary>
    Required,

    /// <summary>Now if it can be had; else the page is handed out, and its first access faults.</summary>
    BestEffort,

    /// <summary>All of it, for ever, when the first page is tagged.</summary>
    TakeEverything,

    /// <summary>Only pages whose storage is already active are handed out; activation happens on the free lists.</summary>
    OnlyActive,

    /// <summary>
    /// A page in use moves to where storage is active, as with NUMA hinting; where it lies, it is taken only if the page cannot move.
    /// </summary>
    MoveFirst,
}

/// <summary>Port 4: what the first access to a page does whose storage is busy. A page that is tag storage itself always moves.</summary>
public enum BusyVerdict
{
    /// <summary>It moves the data to a page that can have storage (RFC v1 and v3).</summary>
    MoveData,

    /// <summary>It faults again, until the storage is free (RFC v2; R15).</summary>
    FaultAgain,
}

/// <summary>How a block of tag storage is taken back.</summary>
/// <param name="Attempts">Range allocations tried while the block is busy (RFC v1: 5, v2 and v3: 3).</param>
/// <param name="FastPath">Take a block that is free straight off the buddy list, without isolating a pageblock.</param>
/// <param name="PageAttempts">Pages tried, or replacements made, before a tagged request gives up.</param>
public sealed record RecallRule(int Attempts, bool FastPath, int PageAttempts)
{
    /// <summary>Pages of the largest block that the fast path takes.</summary>
    public int MostFastPages { get; init; } = int.MaxValue;

    /// <summary>
    /// What a block holds is dropped where it lies, without isolating or moving anything, which may be done in atomic context. What cannot
    /// be dropped is moved all the same.
    /// </summary>
    public bool Drops { get; init; }

    /// <summary>
    /// The loop over the blocks of a folio goes to the last. As RFC v3 was mailed it takes one block of four of a huge page whose
    /// blocks have four pages, and frees as few (X1).
    /// </summary>
    public bool LoopsToLastBlock { get; init; } = true;
}
