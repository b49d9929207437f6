using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Contiguous;

/// <summary>Takes pageblocks out of circulation and puts them back (mm/page_isolation.c, 6.1).</summary>
internal sealed class PageIsolation(FrameTable frames, Buddy buddy, KernelCounters counters)
{
    /// <summary>
    /// Isolates every pageblock that [<paramref name="start"/>, <paramref name="end"/>) touches: first the outer two,
    /// then those between. On failure all are as before.
    /// </summary>
    /// <param name="isolated">Pageblocks that were isolated, for a while at least.</param>
    public bool TryIsolate(Frame start, Frame end, MigrateType type, out int isolated)
    {
        isolated = 0;
        Frame first = start.HeadAt(frames.PageBlockOrder);
        Frame last = (end - 1).HeadAt(frames.PageBlockOrder);
        if (!TryIsolateBlock(first, start, end))
        {
            return false;
        }

        isolated++;
        SplitAcross(first);
        if (last != first && !TryIsolateBlock(last, start, end))
        {
            Restore(first, start, type);
            return false;
        }

        isolated += last != first ? 1 : 0;
        SplitAcross(last + frames.PageBlockFrames);
        for (Frame block = first + frames.PageBlockFrames; block < last; block += frames.PageBlockFrames)
        {
            if (!TryIsolateBlock(block, start, end))
            {
                Undo(start, block, type);
                Restore(last, start, type);
                return false;
            }

            isolated++;
        }

        return true;
    }

    /// <summary>Gives the pageblocks of a range back to a type.</summary>
    public void Undo(Frame start, Frame end, MigrateType type)
    {
        for (Frame block = start.HeadAt(frames.PageBlockOrder); block < end; block += frames.PageBlockFrames)
        {
            Restore(block, start, type);
        }
    }

    private bool TryIsolateBlock(Frame block, Frame start, Frame end)
    {
        if (frames.BlockType(block) == MigrateType.Isolate
            || HasUnmovable(Frame.Max(block, start), Frame.Min(block + frames.PageBlockFrames, end)))
        {
            counters.IsolationFailures++;
            return false;
        }

        IsolateBlock(block, start);
        return true;
    }

    /// <summary>Isolates a pageblock, whatever is in it.</summary>
    /// <param name="start">A frame of the block that has memory.</param>
    public void IsolateBlock(Frame block, Frame start)
    {
        Zone zone = ZoneOf(block, start);
        MigrateType type = frames.BlockType(block);
        frames.SetBlockType(block, MigrateType.Isolate);
        zone.IsolatedBlocks++;
        MoveFree(zone, block, MigrateType.Isolate, type, sign: -1);
        counters.BlocksIsolated++;
    }

    private void Restore(Frame block, Frame start, MigrateType type)
    {
        if (frames.BlockType(block) != MigrateType.Isolate)
        {
            return;
        }

        Zone zone = ZoneOf(block, start);
        zone.IsolatedBlocks--;
        if (MergesWithNeighbour(block))
        {
            int order = frames[block].Order;
            buddy.TakeOff(block, order, zone);
            frames.SetBlockType(block, type);
            buddy.Free(block, order, type, toTail: true);
            return;
        }

        MoveFree(zone, block, type, type, sign: 1);
        frames.SetBlockType(block, type);
    }

    /// <summary>Zone of the frames wanted: a block that a bank begins or ends in has frames of no zone.</summary>
    private Zone ZoneOf(Frame block, Frame start) => buddy.ZoneOf(Frame.Max(block, start));

    /// <summary>
    /// Moves the free chunks of a block, as far as they are the zone's, to the lists of a type; each is counted, in or
    /// out, in its own set as <paramref name="counted"/>.
    /// </summary>
    private void MoveFree(Zone zone, Frame block, MigrateType to, MigrateType counted, int sign)
    {
        for (Frame at = block; at < block + frames.PageBlockFrames;)
        {
            ref PageFrame chunk = ref frames[at];
            int span = 1;
            if (chunk.State == FrameState.Free && chunk.Zone == zone.Index)
            {
                span = 1 << chunk.Order;
                buddy.MoveToList(zone, at, chunk.Order, to);
                zone.Account(counted, chunk.AreaSet, sign * span);
            }

            at += span;
        }

        counters.FramesScanned += frames.PageBlockFrames;
    }

    /// <summary>A whole free block that could not merge while it was isolated.</summary>
    private bool MergesWithNeighbour(Frame block)
    {
        ref PageFrame head = ref frames[block];
        if (head.State != FrameState.Free || head.Order < frames.PageBlockOrder || head.Order >= frames.LargestOrder)
        {
            return false;
        }

        Frame neighbour = block.BuddyAt(head.Order);
        return neighbour.Index < frames.Count
            && frames[neighbour].IsFreeBuddyOf(head, head.Order)
            && frames.BlockType(neighbour) != MigrateType.Isolate;
    }

    /// <summary>A free chunk that lies across the edge of the isolated blocks is cut there (split_free_page).</summary>
    public void SplitAcross(Frame boundary)
    {
        if (boundary.Index >= frames.Count)
        {
            return;
        }

        Frame head = buddy.FindChunk(boundary, 0);
        if (head.IsNone || head == boundary)
        {
            return;
        }

        Zone zone = buddy.ZoneOf(head);
        int order = frames[head].Order;
        MigrateType headType = frames.BlockType(head);
        buddy.TakeOff(head, order, zone);
        if (headType != MigrateType.Isolate)
        {
            zone.Account(headType, frames[head].AreaSet, -(1 << order));
        }

        // The chunk is larger than a pageblock and the boundary is on one, so each block becomes a chunk of its own.
        for (Frame block = head; block < head + (1 << order); block += frames.PageBlockFrames)
        {
            buddy.Free(block, frames.PageBlockOrder, frames.BlockType(block));
        }
    }

    /// <summary>has_unmovable_pages, for CMA and movable blocks: what is neither free nor movable stands in the way.</summary>
    private bool HasUnmovable(Frame start, Frame end)
    {
        counters.FramesScanned += end - start;
        for (Frame at = start; at < end;)
        {
            ref PageFrame frame = ref frames[at];
            switch (frame.State)
            {
                case FrameState.Free or FrameState.PerCpu:
                    at += 1 << frame.Order;
                    break;
                case FrameState.Allocated when frame.Has(FrameFlags.Movable):
                    at += 1 << frame.Order;
                    break;
                case FrameState.Covered or FrameState.Held or FrameState.Ready:
                    // Held ranges are somebody's contiguous buffer: not ours, but an overlap is refused later, when
                    // the range itself is tested. Covered: the folio or chunk began before the range.
                    at++;
                    break;
                default:
                    return true;
            }
        }

        return false;
    }
}
