using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Frames;

/// <summary>What a frame is. A folio or free chunk is told by its first frame; the others are <see cref="Covered"/>.</summary>
// Covered   → any       when the chunk to its left is split
// Kept      → never changes: firmware, kernel image
// Free      → PerCpu    refill (PerCpuPages), → Allocated (Buddy), → Held (ContiguousAllocator)
// PerCpu    → Allocated, → Free on drain
// Allocated → PerCpu or Free on free, → Ready in an active block
// Held      → Free or PerCpu when the range is given back
// Ready     → Allocated for a tagged page or a borrower, → Free when the block is given back or emptied (ActiveBlocks)
// Law FRAME-1: exactly one state each.
public enum FrameState : byte
{
    /// <summary>Within a folio or free chunk that another frame heads.</summary>
    Covered,

    /// <summary>No RAM here, or hidden by firmware.</summary>
    Absent,

    /// <summary>In use since boot and never freed.</summary>
    Kept,

    /// <summary>First frame of a chunk on a buddy list.</summary>
    Free,

    /// <summary>First frame of a folio on a per-CPU list.</summary>
    PerCpu,

    /// <summary>First frame of a folio in use.</summary>
    Allocated,

    /// <summary>Taken by a range allocation: a driver's buffer, or tag storage that holds tags.</summary>
    Held,

    /// <summary>Free in an active block of tag storage: a bit of the block's mask, on no list.</summary>
    Ready,
}

/// <summary>Properties of a frame in use, and fixed facts of its place.</summary>
[Flags]
public enum FrameFlags : uint
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Its tags are valid: PG_mte_tagged.</summary>
    Tagged = 1u << 10,

    /// <summary>Cannot be migrated although it is movable: an elevated reference.</summary>
    Pinned = 1u << 11,

    /// <summary>Allocated as movable.</summary>
    Movable = 1u << 12,

    /// <summary>Lies in tag storage; fixed.</summary>
    TagStorage = 1u << 13,

    /// <summary>Has no tag storage of its own, or is tag storage: cannot be mapped tagged; fixed.</summary>
    Untaggable = 1u << 14,

    /// <summary>Its tag block is reserved on its behalf: PG_tag_storage_reserved.</summary>
    StorageReserved = 1u << 15,

    /// <summary>Taken off the LRU lists by whoever moves or reclaims it.</summary>
    Isolated = 1u << 22,

    /// <summary>On an LRU list: PG_lru.</summary>
    Lru = 1u << 23,

    /// <summary>On the active list of its kind: PG_active.</summary>
    Active = 1u << 24,

    /// <summary>Used since the list was last walked: PG_referenced.</summary>
    Referenced = 1u << 25,

    /// <summary>Differs from its file or has no slot of swap: PG_dirty.</summary>
    Dirty = 1u << 26,

    /// <summary>Anonymous or shared memory: goes to swap, not to a file.</summary>
    SwapBacked = 1u << 27,

    /// <summary>In the swap cache: a slot of the swap device holds, or is getting, the same bytes.</summary>
    SwapCached = 1u << 28,

    /// <summary>In the page cache of a file or of shared memory.</summary>
    FileCached = 1u << 29,

    /// <summary>PG_locked.</summary>
    Locked = 1u << 30,

    /// <summary>Has been on an active list: PG_workingset.</summary>
    WorkingSet = 1u << 31,

    /// <summary>All flags that a free takes away.</summary>
    WhileAllocated = Tagged | Pinned | Movable | StorageReserved
        | Isolated | Lru | Active | Referenced | Dirty | SwapBacked | SwapCached | FileCached | Locked | WorkingSet,
}

/// <summary>Metadata of one frame, 16 bytes: Linux's struct page, as far as the allocator needs it.</summary>
// Word: [3:0] order | [6:4] state | [9:7] migratetype it left the buddy list with | [15:10] FrameFlags
//       [17:16] free-area set | [21:18] zone | [31:22] FrameFlags of folios that processes use
public struct PageFrame
{
    /// <summary>What the four bits of the zone can name.</summary>
    public const int MostZones = 16;

    private const int StateShift = 4;
    private const int TypeShift = 7;
    private const int SetShift = 16;
    private const int ZoneShift = 18;
    private const uint FlagBits = 0xFFC0FC00;

    internal int Next;
    internal int Previous;

    /// <summary>Cookie of whoever allocated the folio; moves along when it is migrated.</summary>
    public int Owner { get; internal set; }

    private uint _word;

    /// <summary>Order of the folio or free chunk that it heads.</summary>
    public readonly int Order => (int)(_word & 15);

    /// <summary>What its owner uses it for, as far as the allocator sees.</summary>
    public readonly FrameState State => (FrameState)((_word >> StateShift) & 7);

    /// <summary>Migratetype of the per-CPU list that it is on, or was allocated for.</summary>
    public readonly MigrateType PerCpuType => (MigrateType)((_word >> TypeShift) & 7);

    /// <summary>All flags that are set.</summary>
    public readonly FrameFlags Flags => (FrameFlags)(_word & FlagBits);

    /// <summary>Which of its zone's free areas it belongs to; 0 is the ordinary one.</summary>
    public readonly int AreaSet => (int)((_word >> SetShift) & 3);

    /// <summary>Index into <see cref="MemorySystem.Zones"/>.</summary>
    public readonly int Zone => (int)((_word >> ZoneShift) & 15);

    /// <summary>Of the first frame of a folio: may it be moved, as long as nobody takes a reference?</summary>
    internal readonly bool CanMove =>
        (_word & (uint)(FrameFlags.Movable | FrameFlags.Pinned | FrameFlags.Isolated)) == (uint)FrameFlags.Movable;

    /// <summary>Is one of the flags set?</summary>
    public readonly bool Has(FrameFlags flags) => (_word & (uint)flags) != 0;

    /// <summary>True for the head of a free chunk of just this order in the same zone and set as <paramref name="other"/>.</summary>
    internal readonly bool IsFreeBuddyOf(in PageFrame other, int order)
    {
        const uint place = (3u << SetShift) | (15u << ZoneShift);
        uint wanted = (other._word & place) | ((uint)FrameState.Free << StateShift) | (uint)order;
        return (_word & (place | (7u << StateShift) | 15u)) == wanted;
    }

    internal void Become(FrameState state, int order) =>
        _word = (_word & ~0x7Fu) | ((uint)state << StateShift) | (uint)order;

    internal void BecomeListed(FrameState state, int order, MigrateType type) =>
        _word = (_word & ~0x3FFu) | ((uint)type << TypeShift) | ((uint)state << StateShift) | (uint)order;

    /// <summary>Becomes a folio in use with these properties and no others, in one write: three would wait for each other.</summary>
    internal void BecomeAllocated(int order, FrameFlags flags) =>
        _word = (_word & ~(0x7Fu | (uint)FrameFlags.WhileAllocated))
            | ((uint)FrameState.Allocated << StateShift) | (uint)order | (uint)flags;

    internal void SetPerCpuType(MigrateType type) => _word = (_word & ~(7u << TypeShift)) | ((uint)type << TypeShift);

    internal void Set(FrameFlags flags) => _word |= (uint)flags;

    internal void Clear(FrameFlags flags) => _word &= ~(uint)flags;

    internal void PlaceIn(int zone, int areaSet) =>
        _word = (_word & ~((3u << SetShift) | (15u << ZoneShift))) | ((uint)areaSet << SetShift) | ((uint)zone << ZoneShift);

    internal void MoveToSet(int areaSet) => _word = (_word & ~(3u << SetShift)) | ((uint)areaSet << SetShift);
}
