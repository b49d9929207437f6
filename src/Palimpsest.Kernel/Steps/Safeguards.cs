namespace Palimpsest.Kernel.Steps;

/// <summary>
/// What the versions of the proposal added against a race or a leak, each named so that it can be left out. Left out,
/// the kernel does what the earlier version did, and real bytes and tags go wrong. Numbers R and X are those of the
/// list of races (docs/laws.md tells which law each keeps).
/// </summary>
[Flags]
public enum Safeguards : uint
{
    None = 0,

    /// <summary>A tagged PTE without storage is written as fault-on-access (R2, RFC v1).</summary>
    FaultOnAccess = 1u << 0,

    /// <summary>Tags that are copied or restored to a page without storage are saved by pfn (R1, R3, R20).</summary>
    SaveTagsByPfn = 1u << 1,

    /// <summary>Saved tags are restored before the page is flagged as reserved (R4, RFC v3).</summary>
    RestoreBeforeFlag = 1u << 2,

    /// <summary>Whoever saves tags looks at the reserved flag again under the lock of the saved tags (R5).</summary>
    RecheckBeforeSave = 1u << 3,

    /// <summary>Restoring and flagging is one critical section of the saved tags' lock (R5b).</summary>
    RestoreWithFlag = 1u << 4,

    /// <summary>A reservation looks at the reserved flag again under its mutex (R6).</summary>
    RecheckUnderMutex = 1u << 5,

    /// <summary>References on blocks that are present are taken first, under the lock (R7).</summary>
    ReferencesFirst = 1u << 6,

    /// <summary>Tag lines of a freed page are invalidated before its block can be lent (R9, TAG-4).</summary>
    InvalidateTagsOnFree = 1u << 7,

    /// <summary>Data lines of a block are invalidated before its first tag is written (R10, TAG-4).</summary>
    InvalidateDataOnReserve = 1u << 8,

    /// <summary>A page whose storage is pinned is moved to another page (R15, RFC v3).</summary>
    ReplaceWhenBusy = 1u << 9,

    /// <summary>Copies in atomic context take their buffer for tags from a reserve instead of sleeping (R18).</summary>
    AtomicTagBuffers = 1u << 10,

    /// <summary>ptrace faults a page without storage in before it touches its tags (R21).</summary>
    PtraceFaultsFirst = 1u << 11,

    /// <summary>Freeing tests the reserved flag, not the tagged one (R23).</summary>
    ReleaseByReservedFlag = 1u << 12,

    /// <summary>The block of the zero page is reserved when the feature is switched on (R24).</summary>
    ReserveZeroPage = 1u << 13,

    /// <summary>A folio refers to just the blocks that hold its tags (R25).</summary>
    ExactBlockCount = 1u << 14,

    /// <summary>Blocks count pages, not allocations, so that a split folio can be freed piece by piece (R26).</summary>
    CountByPage = 1u << 15,

    /// <summary>Saved tags are forgotten when their page is freed, with storage or without (X9).</summary>
    ForgetTagsOnFree = 1u << 16,

    /// <summary>Locks that freeing takes keep interrupts off, since pages are freed in interrupts too (R8, X8).</summary>
    InterruptSafeLocks = 1u << 17,

    /// <summary>Whoever unwinds a reservation under the lock of the blocks erases them without taking it again (X7).</summary>
    EraseUnderLock = 1u << 18,

    All = (1u << 19) - 1,
}
