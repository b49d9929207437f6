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

    /// <summary>Now, and the page is not handed out without it.</summary>
    Required,

    /// <summary>Now if it can be had; else at the first access, which the page fault catches.</summary>
    BestEffort,

    /// <summary>All of it, for ever, when the first page is tagged.</summary>
    TakeEverything,

    /// <summary>Only pages whose storage is already active are handed out; activation happens on the free lists.</summary>
    OnlyActive,
}

/// <summary>Port 4: what to do with a page whose storage could not be had.</summary>
public enum BusyVerdict
{
    /// <summary>Put it back at the tail of its list and try the next one.</summary>
    TryNextPage,

    /// <summary>Keep it; the first access faults, tries once more and then moves the data to another page.</summary>
    FaultOnAccess,

    /// <summary>Hand out nothing.</summary>
    Fail,
}

/// <summary>How a block of tag storage is taken back, and how it is given away again.</summary>
/// <param name="Attempts">Range allocations tried while the block is busy (RFC v1: 5, v2 and v3: 3).</param>
/// <param name="FastPath">Take a block that is free straight off the buddy list, without isolating a pageblock.</param>
/// <param name="PageAttempts">Pages tried, or replacements made, before a tagged request gives up.</param>
/// <param name="FreeThroughPerCpu">Released storage goes through the per-CPU lists (cma_release) instead of straight to the buddy.</param>
public sealed record RecallRule(int Attempts, bool FastPath, int PageAttempts, bool FreeThroughPerCpu);
