using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// The buddy lists of all zones: merge, split, and moves between migratetypes. Caller holds the zone lock.
/// Rules: mm/page_alloc.c, Linux 6.1 and 6.12.
/// </summary>
/// <param name="retypesMerged">A block that is merged takes the type of what is freed, and a larger chunk is freed by block (6.12).</param>
internal sealed class Buddy(FrameTable frames, Zone[] zones, KernelCounters counters, bool retypesMerged = false)
{
    /// <summary>Where frames of active blocks go when they are freed; null where a home has none.</summary>
    public IActiveBlocks? Active { get; set; }

    /// <summary>Who counts what is free where; null where nobody does.</summary>
    public IFreeFrameCounts? Counts { get; set; }

    /// <summary>Does a frame go to the mask of its block when it is freed?</summary>
    public bool IsInActiveBlock(Frame frame) => Active is not null && frames[frame].AreaSet == StorageSets.Tagged;

    public Zone ZoneOf(Frame frame) => zones[frames[frame].Zone];

    /// <summary>Puts a chunk on the list of <paramref name="type"/>, merged with its free buddies.</summary>
    public void Free(Frame frame, int order, MigrateType type, bool toTail = false)
    {
        if (IsInActiveBlock(frame))
        {
            Active!.Free(frame, order);
            return;
        }

        Zone zone = ZoneOf(frame);
        if (order > frames.PageBlockOrder && (zone.IsolatedBlocks > 0 || retypesMerged))
        {
            FreeByBlock(frame, order, toTail);
            return;
        }

        int set = frames[frame].AreaSet;
        if (type != MigrateType.Isolate)
        {
            zone.Account(type, set, 1 << order);
        }

        // Merged into a chunk to its left, it is no head any more.
        frames[frame].Become(FrameState.Covered, 0);
        while (order < frames.LargestOrder)
        {
            Frame buddy = frame.BuddyAt(order);
            if (!IsFreeBuddy(frame, buddy, order) || (order >= frames.PageBlockOrder && !MayMergeBlocks(type, buddy)))
            {
                break;
            }

            TakeOff(buddy, order, zone);
            if (retypesMerged && order >= frames.PageBlockOrder)
            {
                SetBlockTypes(buddy, order, type);
            }

            order++;
            frame = frame.HeadAt(order);
        }

        Add(zone, frame, order, type, toTail || MergeIsLikely(frame, order));
    }

    /// <summary>Takes the first chunk that is large enough from the lists of one type, splitting it; none when there is none.</summary>
    public Frame TakeSmallest(Zone zone, int set, int order, MigrateType type)
    {
        for (int current = order; current <= frames.LargestOrder; current++)
        {
            Frame head = frames.ListHead(zone.List(set, current, type));
            Frame frame = frames.First(head);
            if (frame != head)
            {
                Carve(zone, frame, current, order, type);
                return frame;
            }
        }

        return Frame.None;
    }

    /// <summary>Takes a chunk off its list, keeps its first 2^<paramref name="order"/> frames and frees the rest as they lie.</summary>
    public void Carve(Zone zone, Frame frame, int chunkOrder, int order, MigrateType type)
    {
        TakeOff(frame, chunkOrder, zone);
        int set = frames[frame].AreaSet;
        while (chunkOrder > order)
        {
            chunkOrder--;
            Insert(zone, frame + (1 << chunkOrder), chunkOrder, type, set, toTail: false);
        }

        frames[frame].SetPerCpuType(type);
        counters.BuddyTakes++;
    }

    /// <summary>
    /// Takes exactly these frames out of the free chunk that holds them (take_page_off_buddy); false when they are
    /// not all inside one free chunk.
    /// </summary>
    public bool TakeExact(Frame target, int order)
    {
        Frame head = FindChunk(target, order);
        if (head.IsNone)
        {
            return false;
        }

        MigrateType type = frames.BlockType(target);
        Extract(target, order, head, type);
        if (type != MigrateType.Isolate)
        {
            ZoneOf(target).Account(type, frames[target].AreaSet, -(1 << order));
        }

        return true;
    }

    /// <summary>The same of frames that are free, for a caller that accounts for them.</summary>
    public void Extract(Frame target, int order) => Extract(target, order, FindChunk(target, order), frames.BlockType(target));

    private void Extract(Frame target, int order, Frame head, MigrateType type)
    {
        Zone zone = ZoneOf(head);
        int current = frames[head].Order;
        int set = frames[head].AreaSet;
        TakeOff(head, current, zone);
        while (current > order)
        {
            current--;
            int half = 1 << current;
            Frame other = target >= head + half ? head : head + half;
            head = target >= head + half ? head + half : head;
            Insert(zone, other, current, type, set, toTail: false);
        }

        frames[target].SetPerCpuType(type);
    }

    /// <summary>First frame of the free chunk that holds 2^order frames from <paramref name="target"/> on, or none.</summary>
    public Frame FindChunk(Frame target, int order)
    {
        for (int above = order; above <= frames.LargestOrder; above++)
        {
            Frame head = target.HeadAt(above);
            ref PageFrame frame = ref frames[head];
            if (frame.State == FrameState.Free)
            {
                return frame.Order >= above ? head : Frame.None;
            }
        }

        return Frame.None;
    }

    /// <summary>
    /// Frames of a pageblock that are free, and that are in use and movable; null where a zone boundary cuts the block
    /// (prep_move_freepages_block, 6.12).
    /// </summary>
    public (int Free, int Movable)? CountBlock(Zone zone, Frame frame)
    {
        Frame start = frame.HeadAt(frames.PageBlockOrder);
        Frame end = start + frames.PageBlockFrames;
        if (start < zone.Start || end > zone.End)
        {
            return null;
        }

        int free = 0;
        int movable = 0;
        for (Frame at = start; at < end;)
        {
            ref PageFrame current = ref frames[at];
            int span = current.State is FrameState.Free or FrameState.Allocated ? 1 << current.Order : 1;
            free += current.State == FrameState.Free ? span : 0;
            movable += current.State == FrameState.Allocated && current.Has(FrameFlags.Movable) ? span : 0;
            at += span;
        }

        counters.FramesScanned += frames.PageBlockFrames;
        return (free, movable);
    }

    /// <summary>
    /// Moves all free chunks of a pageblock to the tails of the lists of <paramref name="type"/>, in order of address.
    /// </summary>
    /// <returns>Frames moved; and how many frames in use are movable.</returns>
    public (int Moved, int Movable) MoveBlock(Zone zone, Frame frame, MigrateType type)
    {
        Frame start = frame.HeadAt(frames.PageBlockOrder);
        Frame end = start + frames.PageBlockFrames;
        // Linux narrows the start to the page and gives up at the end, where a zone boundary cuts the block.
        if (start < zone.Start)
        {
            start = frame;
        }

        if (end > zone.End)
        {
            return (0, 0);
        }

        int moved = 0;
        int movable = 0;
        for (Frame at = start; at < end;)
        {
            ref PageFrame current = ref frames[at];
            int span = 1;
            if (current.State == FrameState.Free)
            {
                span = 1 << current.Order;
                MoveToList(zone, at, current.Order, type);
                moved += span;
            }
            else if (current.State == FrameState.Allocated)
            {
                // LRU folios count by frame; kernel pages are skipped frame by frame in Linux, with the same effect.
                span = 1 << current.Order;
                movable += current.Has(FrameFlags.Movable) ? span : 0;
            }

            at += span;
        }

        counters.FramesScanned += frames.PageBlockFrames;
        return (moved, movable);
    }

    /// <summary>Gives the pageblocks of a chunk a type (change_pageblock_range).</summary>
    public void SetBlockTypes(Frame frame, int order, MigrateType type)
    {
        for (Frame block = frame; block < frame + (1 << order); block += frames.PageBlockFrames)
        {
            frames.SetBlockType(block, type);
        }
    }

    public void MoveToList(Zone zone, Frame frame, int order, MigrateType type)
    {
        frames.Remove(frame);
        frames.AddLast(frames.ListHead(zone.List(frames[frame].AreaSet, order, type)), frame);
    }

    /// <summary>Puts a chunk at the end of its list: it will be considered last.</summary>
    public void Rotate(Zone zone, Frame frame, MigrateType type) => MoveToList(zone, frame, frames[frame].Order, type);

    /// <summary>Changes the set of a whole free chunk (tag blocks), keeping its place in address order free to merge.</summary>
    public void MoveToSet(Frame frame, int set)
    {
        Zone zone = ZoneOf(frame);
        int order = frames[frame].Order;
        MigrateType type = frames.BlockType(frame);
        TakeOff(frame, order, zone);
        zone.Account(type, frames[frame].AreaSet, -(1 << order));
        for (Frame at = frame; at < frame + (1 << order); at++)
        {
            frames[at].MoveToSet(set);
        }

        Free(frame, order, type, toTail: true);
    }

    /// <summary>Some blocks of a chunk may be isolated and others not: each goes to its own list and counter.</summary>
    private void FreeByBlock(Frame frame, int order, bool toTail)
    {
        for (Frame block = frame; block < frame + (1 << order); block += frames.PageBlockFrames)
        {
            frames[block].Become(FrameState.Covered, 0);
        }

        for (Frame block = frame; block < frame + (1 << order); block += frames.PageBlockFrames)
        {
            Free(block, frames.PageBlockOrder, frames.BlockType(block), toTail);
        }
    }

    private void Add(Zone zone, Frame frame, int order, MigrateType type, bool toTail) =>
        Insert(zone, frame, order, type, frames[frame].AreaSet, toTail);

    private void Insert(Zone zone, Frame frame, int order, MigrateType type, int set, bool toTail)
    {
        ref PageFrame added = ref frames[frame];
        added.Become(FrameState.Free, order);
        Frame head = frames.ListHead(zone.List(set, order, type));
        if (toTail)
        {
            frames.AddLast(head, frame);
        }
        else
        {
            frames.AddFirst(head, frame);
        }

        zone.Chunks(set, order)++;
        Counts?.Changed(frame, order, 1 << order);
    }

    public void TakeOff(Frame frame, int order, Zone zone)
    {
        frames.Remove(frame);
        frames[frame].Become(FrameState.Covered, 0);
        zone.Chunks(frames[frame].AreaSet, order)--;
        Counts?.Changed(frame, order, -(1 << order));
    }

    private bool IsFreeBuddy(Frame frame, Frame buddy, int order) =>
        (uint)buddy.Index < (uint)frames.Count && frames[buddy].IsFreeBuddyOf(frames[frame], order);

    /// <summary>Blocks of types that keep to themselves never merge with others: their accounting would be lost.</summary>
    private bool MayMergeBlocks(MigrateType type, Frame buddy)
    {
        MigrateType other = frames.BlockType(buddy);
        return type == other || (MigrateTypes.IsMergeable(type) && MigrateTypes.IsMergeable(other));
    }

    /// <summary>When the buddy of the next order up is free, ours will follow soon: better not to use this chunk.</summary>
    private bool MergeIsLikely(Frame frame, int order)
    {
        if (order >= frames.LargestOrder - 1)
        {
            return false;
        }

        Frame parent = frame.HeadAt(order + 1);
        return IsFreeBuddy(parent, parent.BuddyAt(order + 1), order + 1);
    }
}
