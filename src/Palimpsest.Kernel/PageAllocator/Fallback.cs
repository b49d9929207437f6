using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// Taking from another migratetype when one's own lists are empty, and claiming whole pageblocks with it
/// (__rmqueue_fallback and steal_suitable_fallback, mm/page_alloc.c, 6.1).
/// </summary>
internal sealed class Fallback(FrameTable frames, Buddy buddy, AllocatorRules rules, KernelCounters counters, Tracepoints trace)
    : IFallback
{
    private const int NoType = -1;

    public bool RemembersMode => false;

    public Frame Take(Zone zone, in TakeRequest request, ref TakeMode mode) => Frame.None;

    public bool TryMove(Zone zone, in TakeRequest request) =>
        TrySteal(zone, request.Set, request.Order, request.Type, request.NoFragment);

    /// <summary>Moves a chunk, and perhaps the rest of its block, to the lists of <paramref name="type"/>.</summary>
    /// <param name="noFragment">Refuse anything smaller than a pageblock (ALLOC_NOFRAGMENT).</param>
    public bool TrySteal(Zone zone, int set, int order, MigrateType type, bool noFragment)
    {
        int smallest = rules.SmallestSteal(order, noFragment, frames.PageBlockOrder);
        for (int current = frames.LargestOrder; current >= smallest; current--)
        {
            int from = FirstType(zone, set, current, type);
            if (from == NoType)
            {
                continue;
            }

            StealVerdict verdict = rules.Steal(new StealView(type, order, current, frames.PageBlockOrder));
            if (verdict == StealVerdict.SmallestChunk)
            {
                (current, from) = SmallestAbove(zone, set, order, type);
                verdict = rules.Steal(new StealView(type, current, current, frames.PageBlockOrder));
            }

            Frame chunk = frames.First(frames.ListHead(zone.List(set, current, (MigrateType)from)));
            Steal(zone, chunk, type, verdict == StealVerdict.Block);
            counters.ExternalFragmentation++;
            trace.Tell(new KernelEvent(KernelEventKind.ExternalFragmentation, Cpu: CpuId.None, chunk, order, type));
            return true;
        }

        return false;
    }

    private (int Order, int Type) SmallestAbove(Zone zone, int set, int order, MigrateType type)
    {
        for (int current = order; current <= frames.LargestOrder; current++)
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

        foreach (MigrateType candidate in rules.Fallbacks(type))
        {
            if (!frames.IsEmpty(frames.ListHead(zone.List(set, order, candidate))))
            {
                return (int)candidate;
            }
        }

        return NoType;
    }

    private void Steal(Zone zone, Frame frame, MigrateType type, bool wholeBlock)
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
            buddy.SetBlockTypes(frame, order, type);
            buddy.MoveToList(zone, frame, order, type);
            return;
        }

        zone.WatermarkBoost = rules.BoostAfterSteal(ZoneView.Of(zone), frames.PageBlockFrames);
        if (!wholeBlock || !TryClaimBlock(zone, frame, type, oldType))
        {
            buddy.MoveToList(zone, frame, order, type);
        }
    }

    /// <summary>Moves all that is free in the block; the rules say whether its type changes.</summary>
    private bool TryClaimBlock(Zone zone, Frame frame, MigrateType type, MigrateType oldType)
    {
        (int moved, int movable) = buddy.MoveBlock(zone, frame, type);
        if (moved == 0)
        {
            return false;
        }

        if (rules.ClaimsBlock(new BlockView(type, oldType, moved, movable, frames.PageBlockFrames)))
        {
            frames.SetBlockType(frame, type);
        }

        return true;
    }
}
