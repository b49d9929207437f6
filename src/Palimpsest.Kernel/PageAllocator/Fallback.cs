using Palimpsest.Kernel.Costs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// Taking from another migratetype when one's own lists are empty, and claiming whole pageblocks with it
/// (__rmqueue_fallback and steal_suitable_fallback, mm/page_alloc.c, 6.1).
/// </summary>
internal sealed class Fallback(FrameTable frames, Buddy buddy, KernelCounters counters)
{
    private const int NoType = -1;

    // Row: the type that asks. Order of preference as fallbacks[] of 6.1.
    private static readonly MigrateType[][] Preferences =
    [
        [MigrateType.Reclaimable, MigrateType.Movable],
        [MigrateType.Reclaimable, MigrateType.Unmovable],
        [MigrateType.Unmovable, MigrateType.Movable],
    ];

    /// <summary>Moves a chunk, and perhaps the rest of its block, to the lists of <paramref name="type"/>.</summary>
    /// <param name="noFragment">Refuse anything smaller than a pageblock (ALLOC_NOFRAGMENT).</param>
    public bool TrySteal(Zone zone, int set, int order, MigrateType type, bool noFragment)
    {
        int smallest = noFragment && order < frames.PageBlockOrder ? frames.PageBlockOrder : order;
        for (int current = Order.Max; current >= smallest; current--)
        {
            int from = FirstType(zone, set, current, type);
            if (from == NoType)
            {
                continue;
            }

            bool wholeBlock = MayTakeBlock(current, type);
            if (!wholeBlock && type == MigrateType.Movable && current > order)
            {
                // A movable page does no lasting harm where it lands, so split the smallest chunk, not the largest.
                (current, from) = SmallestAbove(zone, set, order, type);
                wholeBlock = MayTakeBlock(current, type);
            }

            Steal(zone, frames.First(frames.ListHead(zone.List(set, current, (MigrateType)from))), type, wholeBlock);
            counters.ExternalFragmentation++;
            return true;
        }

        return false;
    }

    private (int Order, int Type) SmallestAbove(Zone zone, int set, int order, MigrateType type)
    {
        for (int current = order; current <= Order.Max; current++)
        {
            int from = FirstType(zone, set, current, type);
            if (from != NoType)
            {
                return (current, from);
            }
        }

        throw new LawException("BUDDY-1", "a chunk seen while looking for the largest is gone");
    }

    private int FirstType(Zone zone, int set, int order, MigrateType type)
    {
        if (zone.Chunks(set, order) == 0)
        {
            return NoType;
        }

        foreach (MigrateType candidate in Preferences[(int)type])
        {
            if (!frames.IsEmpty(frames.ListHead(zone.List(set, order, candidate))))
            {
                return (int)candidate;
            }
        }

        return NoType;
    }

    private bool MayTakeBlock(int order, MigrateType type) =>
        order >= frames.PageBlockOrder / 2 || type is MigrateType.Reclaimable or MigrateType.Unmovable;

    private void Steal(Zone zone, int frame, MigrateType type, bool wholeBlock)
    {
        int order = frames[frame].Order;
        MigrateType oldType = frames.BlockType(frame);
        if (oldType == MigrateType.HighAtomic)
        {
            buddy.MoveToList(zone, frame, order, type);
            return;
        }

        if (order >= frames.PageBlockOrder)
        {
            for (int block = frame; block < frame + (1 << order); block += frames.PageBlockFrames)
            {
                frames.SetBlockType(block, type);
            }

            buddy.MoveToList(zone, frame, order, type);
            return;
        }

        BoostWatermark(zone);
        if (!wholeBlock || !TryClaimBlock(zone, frame, type, oldType))
        {
            buddy.MoveToList(zone, frame, order, type);
        }
    }

    /// <summary>Moves all that is free in the block; changes the block's type when half of it is free or alike.</summary>
    private bool TryClaimBlock(Zone zone, int frame, MigrateType type, MigrateType oldType)
    {
        (int moved, int movable) = buddy.MoveBlock(zone, frame, type);
        if (moved == 0)
        {
            return false;
        }

        int alike = (type, oldType) switch
        {
            (MigrateType.Movable, _) => movable,
            (_, MigrateType.Movable) => frames.PageBlockFrames - (moved + movable),
            _ => 0,
        };
        if (moved + alike >= frames.PageBlockFrames / 2)
        {
            frames.SetBlockType(frame, type);
        }

        return true;
    }

    /// <summary>Each steal raises the watermarks by a pageblock, up to 150 % of high (watermark_boost_factor 15000).</summary>
    private void BoostWatermark(Zone zone)
    {
        if (frames.PageBlockFrames * 4 > zone.ManagedFrames)
        {
            return;
        }

        int most = (int)((long)zone.Watermarks.High * 15000 / 10000);
        if (most == 0)
        {
            return;
        }

        most = Math.Max(frames.PageBlockFrames, most);
        zone.WatermarkBoost = Math.Min(zone.WatermarkBoost + frames.PageBlockFrames, most);
    }
}
