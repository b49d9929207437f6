namespace Palimpsest.Kernel.Steps;

/// <summary>
/// What the versions of the proposal added against a race or a leak, each named so that it can be left out. Left out,
/// the kernel does what the earlier version did, and real bytes and tags go wrong. Numbers R and X are those of the
/// list of races (docs/laws.md tells which law each keeps), V those of what RFC v3 as mailed does wrong itself.
/// </summary>
[Flags]
public enum Safeguards : ulong
{
    /// <summary>The proposal as it would be without any of them.</summary>
    None = 0,

    /// <summary>A tagged PTE without storage is written as fault-on-access (R2, RFC v1).</summary>
    FaultOnAccess = 1ul << 0,

    /// <summary>Tags that are copied or restored to a page without storage are saved by pfn (R1, R3, R20).</summary>
    SaveTagsByPfn = 1ul << 1,

    /// <summary>Saved tags are restored before the page is flagged as reserved (R4, RFC v3).</summary>
    RestoreBeforeFlag = 1ul << 2,

    /// <summary>Whoever saves tags looks at the reserved flag again under the lock of the saved tags (R5).</summary>
    RecheckBeforeSave = 1ul << 3,

    /// <summary>Restoring and flagging is one critical section of the saved tags' lock (R5b).</summary>
    RestoreWithFlag = 1ul << 4,

    /// <summary>A reservation looks at the reserved flag again under its mutex (R6).</summary>
    RecheckUnderMutex = 1ul << 5,

    /// <summary>References on blocks that are present are taken first, under the lock (R7).</summary>
    ReferencesFirst = 1ul << 6,

    /// <summary>Tag lines of a freed page are invalidated before its block can be lent (R9, TAG-4).</summary>
    InvalidateTagsOnFree = 1ul << 7,

    /// <summary>Data lines of a block are invalidated before its first tag is written (R10, TAG-4).</summary>
    InvalidateDataOnReserve = 1ul << 8,

    /// <summary>A page whose storage is pinned is moved to another page (R15, RFC v3).</summary>
    ReplaceWhenBusy = 1ul << 9,

    /// <summary>Copies in atomic context take their buffer for tags from a reserve instead of sleeping (R18).</summary>
    AtomicTagBuffers = 1ul << 10,

    /// <summary>ptrace faults a page without storage in before it touches its tags (R21).</summary>
    PtraceFaultsFirst = 1ul << 11,

    /// <summary>Freeing tests the reserved flag, not the tagged one (R23).</summary>
    ReleaseByReservedFlag = 1ul << 12,

    /// <summary>The block of the zero page is reserved when the feature is switched on (R24).</summary>
    ReserveZeroPage = 1ul << 13,

    /// <summary>A folio refers to just the blocks that hold its tags (R25).</summary>
    ExactBlockCount = 1ul << 14,

    /// <summary>Blocks count pages, not allocations, so that a split folio can be freed piece by piece (R26).</summary>
    CountByPage = 1ul << 15,

    /// <summary>Saved tags are forgotten when their page is freed, with storage or without (X9).</summary>
    ForgetTagsOnFree = 1ul << 16,

    /// <summary>
    /// Locks that freeing takes keep interrupts off, since pages are freed in interrupts too (R8, X8). Left out: nobody does, as
    /// in RFC v1 and v2; that v3 forgot one of those who take them is <see cref="InterruptSafeStore"/>.
    /// </summary>
    InterruptSafeLocks = 1ul << 17,

    /// <summary>Whoever unwinds a reservation under the lock of the blocks erases them without taking it again (X7).</summary>
    EraseUnderLock = 1ul << 18,

    /// <summary>A reservation that a fatal signal ends is no failure: the page is handed out, fault-on-access, and its task dies
    /// (R12).</summary>
    TreatSignalAsSuccess = 1ul << 19,

    /// <summary>A reservation ignores the limit on isolated pages, which its own caller may have reached (R13, RFC v1).</summary>
    IgnoreIsolationLimit = 1ul << 20,

    /// <summary>Whatever leaves tag storage for a tagged page is not asked to be tagged itself (R14).</summary>
    StripTagged = 1ul << 21,

    /// <summary>
    /// Tagged requests pass lists by that may hold tag storage, put back what they must not have, and have no success with a
    /// page that no storage covers (R31, R32).
    /// </summary>
    KeepStorageFromTagged = 1ul << 22,

    /// <summary>The loop over the blocks of a folio goes on by the frames of a block to its last block (X1).</summary>
    ScaledLoopBound = 1ul << 23,

    /// <summary>The length of a range is its end less its start, so that one free block is seen to be one (X2).</summary>
    LengthOfRange = 1ul << 24,

    /// <summary>Tags that could not be saved are reported, and who wanted them tries again (X10).</summary>
    ReportUnsavedTags = 1ul << 25,

    /// <summary>A folio whose migration failed goes back to its LRU list (X13).</summary>
    PutBackOnFailure = 1ul << 26,

    /// <summary>Compaction reserves nothing for the free pages that it finds under the zone lock (R17, RFC v2).</summary>
    ReserveOutsideZoneLock = 1ul << 27,

    /// <summary>Tags that are saved by pfn go along when their page is copied or moved (R20, RFC v2).</summary>
    MoveSavedTags = 1ul << 28,

    /// <summary>When one region does not come online, whatever others have lent is taken back, or nothing is tagged (R27).</summary>
    TakeBackRegions = 1ul << 29,

    /// <summary>TFSRE0_EL1 is read whenever a task leaves user mode, so that its tag faults are told to nobody else (Linux
    /// itself).</summary>
    ReadFaultsOnEntry = 1ul << 30,

    /// <summary>
    /// Who stores a block in the array of reserved ones takes its lock with interrupts off (V1). RFC v3 flagged the array as
    /// interrupt-safe, which counts only where a store lets go of the lock to allocate; xa_store takes it with interrupts on.
    /// </summary>
    InterruptSafeStore = 1ul << 31,

    /// <summary>A page is marked tagged after it is flagged as reserved, though its tags are restored before (V2, TAG-7).</summary>
    MarkAfterFlag = 1ul << 32,

    /// <summary>Who replaces a page counts it as isolated, as whoever puts it back or maps it counts it out (V3).</summary>
    CountIsolated = 1ul << 33,

    /// <summary>Swap-out writes tags that are saved by pfn too, not only those of pages that are marked tagged (V4).</summary>
    SwapSavedTags = 1ul << 34,

    /// <summary>Saved tags are copied with their page, not moved: the source may live on (V5).</summary>
    CopySavedTags = 1ul << 35,

    /// <summary>The proposal as it should be.</summary>
    All = (1ul << 36) - 1,
}
