using System.Numerics;
using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>
/// Which block is made active when no active one has room: one that is wholly free, of the smallest chunk; else the one with most free
/// pages of a few, whose pages in use stay where they are.
/// </summary>
internal sealed class ActivationSearch(FrameTable frames, TagBlocks blocks, Buddy buddy, ContiguousAllocator contiguous,
    KernelCounters counters) : IActivationChoice
{
    /// <summary>Chunks looked at on each list.</summary>
    private const int CandidatesPerList = 4;

    /// <summary>Blocks counted in all for one that is to be made active; the search is part of a fault.</summary>
    private const int MostCounted = 24;

    private int _counted;

    // What a huge page needs is broken up only for want of a block that is nearly as good.
    private int SmallerThanHuge => Math.Max(BlockOrder, frames.PageBlockOrder - 1);

    private int MostlyFree => (1 << BlockOrder) * 3 / 4;

    /// <summary>Order of the largest folio that lies in one block, of the smallest block.</summary>
    public int BlockOrder { get; } = OrderOf(blocks);

    public BlockId Find(Zone zone, int order, bool isStorageFree)
    {
        _counted = 0;
        BlockId block = FindFree(zone, MigrateType.Movable, isStorageFree, SmallerThanHuge);
        (BlockId partial, int free) = block.IsNone ? FindPartial(zone, MigrateType.Movable, order, isStorageFree, besidesUnmovable: false)
            : default;
        block = !block.IsNone ? block : free >= MostlyFree ? partial
            : FindFree(zone, MigrateType.Movable, isStorageFree, frames.LargestOrder);
        block = !block.IsNone ? block : partial;
        foreach (MigrateType type in (ReadOnlySpan<MigrateType>)[MigrateType.Reclaimable, MigrateType.Unmovable])
        {
            block = !block.IsNone ? block : FindFree(zone, type, isStorageFree, frames.LargestOrder);
        }

        foreach (MigrateType type in (ReadOnlySpan<MigrateType>)[MigrateType.Movable, MigrateType.Reclaimable, MigrateType.Unmovable])
        {
            block = !block.IsNone ? block : FindPartial(zone, type, order, isStorageFree, besidesUnmovable: true).Block;
        }

        return block;
    }

    /// <summary>A block that is wholly free, of a movable chunk; one whose storage is free too, if a look finds it; else any.</summary>
    public BlockId FindBest(Zone zone)
    {
        _counted = 0;
        BlockId block = FindFree(zone, MigrateType.Movable, isStorageFree: true, SmallerThanHuge);
        block = !block.IsNone ? block : FindFree(zone, MigrateType.Movable, isStorageFree: false, SmallerThanHuge);
        if (block.IsNone && FindPartial(zone, MigrateType.Movable, order: 0, isStorageFree: false, besidesUnmovable: false)
            is var (partial, free) && free >= MostlyFree)
        {
            return partial;
        }

        block = !block.IsNone ? block : FindFree(zone, MigrateType.Movable, isStorageFree: true, frames.LargestOrder);
        return !block.IsNone ? block : Find(zone, order: 0, isStorageFree: false);
    }

    public bool HasAnother(BlockId failed) => false;

    /// <summary>
    /// Does every folio and chunk that begins in these frames end in them, and none reach in? Nor may one lie on a per-CPU list, from
    /// which only its CPU can take it.
    /// </summary>
    public bool EndsWithin(Frame first, int count)
    {
        for (Frame at = first; at < first + count;)
        {
            ref PageFrame head = ref frames[at];
            if (head.Zone != frames[first].Zone || head.State is FrameState.Absent or FrameState.PerCpu
                || (head.State == FrameState.Covered && buddy.FindChunk(at, 0).IsNone))
            {
                return false;
            }

            at += head.State == FrameState.Allocated ? 1 << head.Order : 1;
            if (at > first + count)
            {
                return false;
            }
        }

        return true;
    }

    private BlockId FindFree(Zone zone, MigrateType type, bool isStorageFree, int largest)
    {
        for (int order = BlockOrder; order <= largest; order++)
        {
            int left = CandidatesPerList;
            Frame head = frames.ListHead(zone.List(StorageSets.Data, order, type));
            for (Frame chunk = frames.First(head); chunk != head && left > 0; chunk = frames.After(chunk), left--)
            {
                BlockId block = FirstIn(chunk, order, isStorageFree);
                if (!block.IsNone)
                {
                    return block;
                }
            }
        }

        return BlockId.None;
    }

    private BlockId FirstIn(Frame chunk, int order, bool isStorageFree)
    {
        int left = CandidatesPerList;
        for (Frame at = chunk; at < chunk + (1 << order) && left > 0; left--)
        {
            BlockId block = blocks.BlockOf(at);
            if (block.IsNone)
            {
                return BlockId.None;
            }

            (Frame first, int count) = blocks.CoverOf(block);
            bool isInside = first >= chunk && first + count <= chunk + (1 << order);
            if (isInside && IsIdle(block) && CanTakeStorage(block, isStorageFree))
            {
                return block;
            }

            at = first + count;
        }

        return BlockId.None;
    }

    private (BlockId Block, int Free) FindPartial(Zone zone, MigrateType type, int order, bool isStorageFree, bool besidesUnmovable)
    {
        BlockId best = BlockId.None;
        int most = (1 << order) - 1;
        for (int current = frames.LargestOrder; current >= order && _counted < MostCounted; current--)
        {
            int left = CandidatesPerList;
            Frame head = frames.ListHead(zone.List(StorageSets.Data, current, type));
            for (Frame chunk = frames.First(head); chunk != head && left > 0; chunk = frames.After(chunk), left--)
            {
                BlockId block = blocks.BlockOf(chunk);
                if (!block.IsNone && block != best && IsIdle(block) && FreeOf(block, besidesUnmovable) is var free && free > most
                    && CanTakeStorage(block, isStorageFree))
                {
                    (best, most) = (block, free);
                }
            }
        }

        return (best, best.IsNone ? 0 : most);
    }

    private bool IsIdle(BlockId block) => blocks.StateOf(block) == TagBlockState.Lent;

    /// <summary>Free frames of a block; 0 where a folio reaches out of it, or something lies there that cannot move and must not.</summary>
    private int FreeOf(BlockId block, bool besidesUnmovable)
    {
        (Frame first, int count) = blocks.CoverOf(block);
        counters.FramesSearched += count;
        _counted++;
        if (!EndsWithin(first, count))
        {
            return 0;
        }

        int free = 0;
        for (Frame at = first; at < first + count;)
        {
            ref PageFrame head = ref frames[at];
            bool isFree = head.State == FrameState.Free || !buddy.FindChunk(at, 0).IsNone;
            bool canMove = head.State == FrameState.Allocated && head.Has(FrameFlags.Movable);
            if (!isFree && !besidesUnmovable && !canMove)
            {
                return 0;
            }

            int span = head.State == FrameState.Covered ? 1 : 1 << head.Order;
            free += isFree ? Math.Min(span, first + count - at) : 0;
            at += span;
        }

        return free;
    }

    private bool CanTakeStorage(BlockId block, bool isStorageFree)
    {
        (Frame first, int count) = blocks.StorageOf(block);
        if (isStorageFree)
        {
            return contiguous.IsFree(first, count);
        }

        for (Frame frame = first; frame < first + count; frame++)
        {
            Frame folio = frames.FolioOf(frame);
            bool canTake = folio.IsNone ? contiguous.IsFree(frame, 1) : frames[folio].CanMove;
            if (!canTake)
            {
                return false;
            }
        }

        return true;
    }

    private static int OrderOf(TagBlocks blocks)
    {
        int order = Order.Max;
        for (BlockId block = new(0); block.Index < blocks.Count; block++)
        {
            int count = Math.Max(1, blocks.StorageOf(block).Count << TagGeometry.DataFramesPerStorageFrameLog2);
            order = Math.Min(order, BitOperations.IsPow2(count) ? BitOperations.Log2((uint)count) : 0);
        }

        return order;
    }
}
