using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// Falling back in two passes: claim a whole pageblock, from the largest chunk down; or steal the smallest chunk that fits
/// and leave its block as it is (__rmqueue_claim and __rmqueue_steal, mm/page_alloc.c, 6.12).
/// </summary>
internal sealed class Claiming(FrameTable frames, Buddy buddy, AllocatorRules rules, KernelCounters counters, Tracepoints trace) : IFallback
{
    public bool RemembersMode => true;

    public Frame Take(Zone zone, in TakeRequest request, ref TakeMode mode)
    {
        Frame frame = mode == TakeMode.Steal ? Frame.None : Claim(zone, request);
        if (!frame.IsNone)
        {
            // The lists of its own type have been filled.
            mode = TakeMode.Normal;
        }
        else if (!request.NoFragment)
        {
            frame = Steal(zone, request);
            mode = frame.IsNone ? mode : TakeMode.Steal;
        }

        if (!frame.IsNone)
        {
            counters.ExternalFragmentation++;
            trace.Tell(new KernelEvent(KernelEventKind.ExternalFragmentation, Cpu: CpuId.None, frame, request.Order, request.Type));
        }

        return frame;
    }

    /// <summary>What is claimed or stolen is taken at once.</summary>
    public bool TryMove(Zone zone, in TakeRequest request) => false;

    private Frame Claim(Zone zone, in TakeRequest request)
    {
        int smallest = rules.SmallestSteal(request.Order, request.NoFragment, frames.PageBlockOrder);
        for (int order = frames.LargestOrder; order >= smallest; order--)
        {
            if (FirstOf(zone, request, order) is not { IsNone: false } chunk)
            {
                continue;
            }

            if (rules.Steal(new StealView(request.Type, request.Order, order, frames.PageBlockOrder)) != StealVerdict.Block)
            {
                return Frame.None;
            }

            if (TryClaim(zone, request, chunk, order) is { IsNone: false } taken)
            {
                return taken;
            }
        }

        return Frame.None;
    }

    /// <summary>try_to_steal_block: nothing moves unless the block changes its type.</summary>
    private Frame TryClaim(Zone zone, in TakeRequest request, Frame chunk, int order)
    {
        MigrateType oldType = frames.BlockType(chunk);
        if (oldType == MigrateType.HighAtomic)
        {
            return Frame.None;
        }

        if (order >= frames.PageBlockOrder)
        {
            buddy.SetBlockTypes(chunk, order, request.Type);
            buddy.Carve(zone, chunk, order, request.Order, request.Type);
            return chunk;
        }

        zone.WatermarkBoost = rules.BoostAfterSteal(ZoneView.Of(zone), frames.PageBlockFrames);
        if (buddy.CountBlock(zone, chunk) is not { } block
            || !rules.ClaimsBlock(new BlockView(request.Type, oldType, block.Free, block.Movable, frames.PageBlockFrames)))
        {
            return Frame.None;
        }

        buddy.MoveBlock(zone, chunk, request.Type);
        frames.SetBlockType(chunk, request.Type);
        return buddy.TakeSmallest(zone, request.Set, request.Order, request.Type);
    }

    private Frame Steal(Zone zone, in TakeRequest request)
    {
        for (int order = request.Order; order <= frames.LargestOrder; order++)
        {
            if (FirstOf(zone, request, order) is { IsNone: false } chunk)
            {
                buddy.Carve(zone, chunk, order, request.Order, frames.BlockType(chunk));
                return chunk;
            }
        }

        return Frame.None;
    }

    /// <summary>The first chunk of an order on the lists of a type that the request may take from, or none.</summary>
    private Frame FirstOf(Zone zone, in TakeRequest request, int order)
    {
        if (zone.Chunks(request.Set, order) == 0)
        {
            return Frame.None;
        }

        foreach (MigrateType type in rules.Fallbacks(request.Type))
        {
            Frame head = frames.ListHead(zone.List(request.Set, order, type));
            if (!frames.IsEmpty(head))
            {
                return frames.First(head);
            }
        }

        return Frame.None;
    }
}
