using Palimpsest.Steps;

namespace Palimpsest.Kernel.Steps;

/// <summary>Locks of the whole kernel, and the ranks of all. Rank rises inwards; docs/lock-order.md explains it.</summary>
/// <param name="interruptSafe">Locks that the free path takes keep interrupts off.</param>
internal sealed class KernelLocks(bool interruptSafe)
{
    public const int MmapRank = 10;
    public const int CmaRank = 20;
    public const int TagBlocksRank = 30;
    public const int FolioRank = 40;
    public const int PageTableRank = 60;
    public const int ReservedBlocksRank = 70;
    public const int SavedTagsRank = 80;
    public const int ZoneRank = 90;

    /// <summary>tag_blocks_lock: all insertions of blocks, held across range allocation and migration.</summary>
    public StepLock TagBlocks { get; } = new("tag_blocks_lock", TagBlocksRank, sleeps: true);

    /// <summary>cma_mutex: one range allocation of a driver at a time. Reservations do without (RFC v1, v2).</summary>
    public StepLock Cma { get; } = new("cma_mutex", CmaRank, sleeps: true);

    /// <summary>xa_lock of tag_blocks_reserved: presence and references of blocks.</summary>
    public StepLock ReservedBlocks { get; } = new(
        "tag_blocks_reserved.xa_lock", ReservedBlocksRank, sleeps: false, interruptsOff: interruptSafe);

    /// <summary>zone->lock, as far as the free scanner of compaction holds it; for everybody else it is one step.</summary>
    public StepLock Zone { get; } = new("zone->lock", ZoneRank, sleeps: false, interruptsOff: true);

    /// <summary>xa_lock of tags_by_pfn.</summary>
    public StepLock SavedTags { get; } = new("tags_by_pfn.xa_lock", SavedTagsRank, sleeps: false, interruptsOff: interruptSafe);
}
