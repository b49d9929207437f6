using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>
/// The three lists of Google's tag blocks (mte-dynamic-carveout spec): untagged pages, tagged pages, and whole groups
/// of 32 pages with their tag page. A list that runs dry takes a group; without groups, complete ones are collected
/// from the other list; at last a tag page in use is emptied.
/// </summary>
// A group on the Blocks set owns its storage frames: they are Held and on no list.
internal sealed class TagBlockLists(
    FrameTable frames, Buddy buddy, TagBlocks blocks, BlockRecall recall, ContiguousAllocator contiguous, KernelRuntime runtime,
    KernelCounters counters) : IBlockLists
{
    /// <summary>Chunks looked at before a list counts as having no complete group.</summary>
    private const int CandidatesPerList = 32;

    /// <summary>Groups whose tag page could be emptied that are tried before the request fails.</summary>
    private const int MostActivations = 32;

    /// <summary>Order of the data frames of one group; the block must be a power of two.</summary>
    public required int GroupOrder { get; init; }

    public bool TryRefill(Zone zone, int set, int order)
    {
        if (set is not (StorageSets.Data or StorageSets.Tagged))
        {
            return false;
        }

        int wanted = Math.Max(order, GroupOrder);
        int other = set == StorageSets.Data ? StorageSets.Tagged : StorageSets.Data;

        // All of it is one step: the lists are those of the zone, under its lock.
        runtime.Interleaving.BeginUndivided();
        bool refilled = TryConvert(zone, set, wanted)
            || (TryCollect(zone, other, wanted) && TryConvert(zone, set, wanted))
            || (set == StorageSets.Tagged && TryActivate(zone, order));
        runtime.Interleaving.EndUndivided();
        return refilled;
    }

    /// <summary>Takes groups that are in use before the first allocation out of the Blocks set.</summary>
    public void Occupy(Frame frame)
    {
        if (frames[frame].AreaSet != StorageSets.Blocks)
        {
            return;
        }

        Frame group = frame.HeadAt(GroupOrder);
        if (buddy.TakeExact(group, GroupOrder))
        {
            HandOver(group, GroupOrder, StorageSets.Data);
            return;
        }

        // A driver's range has taken a part of the group.
        GiveBackStorage(group, group + (1 << GroupOrder));
        MoveGroup(group, StorageSets.Data);
    }

    private bool TryConvert(Zone zone, int set, int wanted)
    {
        Frame chunk = FindChunk(zone, StorageSets.Blocks, wanted, CandidatesPerList, _ => true);
        if (chunk.IsNone)
        {
            return false;
        }

        buddy.TakeExact(chunk, wanted);
        HandOver(chunk, wanted, set);
        return true;
    }

    /// <summary>Groups become tagged pages, their storage reserved, or 33 untagged pages each.</summary>
    private void HandOver(Frame chunk, int order, int set)
    {
        for (Frame group = chunk; group < chunk + (1 << order); group += 1 << GroupOrder)
        {
            BlockId block = blocks.BlockOf(group);
            (Frame first, int count) = blocks.StorageOf(block);
            if (set == StorageSets.Tagged)
            {
                blocks.Become(block, TagBlockState.Reserved);
                recall.Contents.BeginTags(first, count, invalidate: true);
            }
            else
            {
                contiguous.Free(first, count, cpu: CpuId.Boot, throughPerCpu: false);
            }

            counters.BlockConversions++;
        }

        FreeInto(chunk, order, set);
    }

    /// <summary>Moves a free chunk whose groups are complete from a set to the Blocks set.</summary>
    private bool TryCollect(Zone zone, int set, int wanted)
    {
        Frame chunk = FindChunk(zone, set, wanted, CandidatesPerList, head => set == StorageSets.Tagged || TryTakeStorage(head, wanted));
        if (chunk.IsNone)
        {
            return false;
        }

        buddy.TakeExact(chunk, wanted);
        if (set == StorageSets.Tagged)
        {
            // Tag Storage Clean: tags of the data pages, then data of the tag page.
            for (Frame group = chunk; group < chunk + (1 << wanted); group += 1 << GroupOrder)
            {
                BlockId block = blocks.BlockOf(group);
                (Frame first, int count) = blocks.StorageOf(block);
                blocks.Become(block, TagBlockState.Lent);
                recall.Contents.InvalidateTags(group, 1 << GroupOrder);
                recall.Contents.BeginData(first, count);
                counters.TagLinesInvalidated += 1 << GroupOrder;
                counters.ReleasedBlocks++;
            }
        }

        FreeInto(chunk, wanted, StorageSets.Blocks);
        return true;
    }

    /// <summary>
    /// Makes tagged pages of a group that is partly in use: what its tag page holds moves to another free page.
    /// </summary>
    private bool TryActivate(Zone zone, int order)
    {
        // The last resort before the request fails, so all that is free is looked at.
        List<Frame> candidates = [];
        FindChunk(zone, StorageSets.Data, order, int.MaxValue, chunk =>
        {
            if (IsWholeGroupStart(chunk) && CanEmpty(chunk))
            {
                candidates.Add(chunk);
            }

            return candidates.Count == MostActivations;
        });
        foreach (Frame chunk in candidates)
        {
            // An attempt that failed may have moved pages: what was free need not be free any more.
            if (!buddy.FindChunk(chunk, order).IsNone && IsWholeGroupStart(chunk) && TryActivate(chunk, order))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Nothing in the tag page of a group stands in the way of moving it out.</summary>
    private bool CanEmpty(Frame chunk)
    {
        (Frame first, int count) = blocks.StorageOf(blocks.BlockOf(chunk));
        for (Frame frame = first; frame < first + count; frame++)
        {
            FrameState state = frames[frame].State;
            Frame folio = frames.FolioOf(frame);
            if (state is FrameState.Kept or FrameState.Held || (!folio.IsNone && !frames[folio].CanMove))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryActivate(Frame chunk, int order)
    {
        Frame first = chunk.HeadAt(GroupOrder);
        Frame end = first + (1 << Math.Max(GroupOrder, order));
        bool activated = false;
        for (Frame group = first; group < end; group += 1 << GroupOrder)
        {
            BlockId block = blocks.BlockOf(group);
            ReservationPath path = recall.Recall(block, cpu: CpuId.Boot).Now();
            if (path >= ReservationPath.Failed)
            {
                return activated;
            }

            if (!IsWholeOrInPieces(group))
            {
                // The guest that left the storage moved in here, and reaches into the next group.
                if (path != ReservationPath.Already)
                {
                    recall.Lend(block, cpu: CpuId.Boot);
                }

                return activated;
            }

            MoveGroup(group, StorageSets.Tagged);
            activated = true;
        }

        return activated;
    }

    /// <summary>Moves the frames of a group to a set, whether they are free or in use.</summary>
    private void MoveGroup(Frame group, int set)
    {
        if (buddy.TakeExact(group, GroupOrder))
        {
            FreeInto(group, GroupOrder, set);
            return;
        }

        for (Frame at = group; at < group + (1 << GroupOrder);)
        {
            int span = Math.Max(1, frames[at].State is FrameState.Covered ? 1 : 1 << frames[at].Order);
            if (frames[at].State == FrameState.Free)
            {
                int chunkOrder = frames[at].Order;
                buddy.TakeExact(at, chunkOrder);
                FreeInto(at, chunkOrder, set);
            }
            else
            {
                for (Frame frame = at; frame < at + span; frame++)
                {
                    frames[frame].MoveToSet(set);
                }
            }

            at += span;
        }
    }

    /// <summary>A chunk of data frames, all of whose groups begin with a folio or chunk of their own.</summary>
    private bool IsWholeGroupStart(Frame chunk)
    {
        if (frames[chunk].Has(FrameFlags.Untaggable))
        {
            return false;
        }

        Frame group = chunk.HeadAt(GroupOrder);
        BlockId block = blocks.BlockOf(group);
        return !block.IsNone
            && blocks.StateOf(block) == TagBlockState.Lent
            && (group == chunk || frames[group].State != FrameState.Covered);
    }

    private bool IsWholeOrInPieces(Frame group) =>
        !buddy.FindChunk(group, GroupOrder).IsNone || (frames[group].State != FrameState.Covered && frames[group].Order <= GroupOrder);

    private bool TryTakeStorage(Frame chunk, int order)
    {
        if (frames[chunk].Has(FrameFlags.Untaggable))
        {
            return false;
        }

        for (Frame group = chunk; group < chunk + (1 << order); group += 1 << GroupOrder)
        {
            BlockId block = blocks.BlockOf(group);
            (Frame first, int count) = block.IsNone ? default : blocks.StorageOf(block);
            if (block.IsNone || blocks.StateOf(block) != TagBlockState.Lent || !contiguous.TryTakeFree(first, count))
            {
                GiveBackStorage(chunk, group);
                return false;
            }
        }

        return true;
    }

    private void GiveBackStorage(Frame from, Frame end)
    {
        for (Frame group = from; group < end; group += 1 << GroupOrder)
        {
            (Frame first, int count) = blocks.StorageOf(blocks.BlockOf(group));
            contiguous.Free(first, count, cpu: CpuId.Boot, throughPerCpu: false);
        }
    }

    private Frame FindChunk(Zone zone, int set, int order, int candidates, Predicate<Frame> accept)
    {
        for (int current = order; current <= frames.LargestOrder; current++)
        {
            if (zone.Chunks(set, current) == 0)
            {
                continue;
            }

            for (int type = 0; type < MigrateTypes.PerCpuCount; type++)
            {
                Frame head = frames.ListHead(zone.List(set, current, (MigrateType)type));
                int left = candidates;
                for (Frame frame = frames.First(head); frame != head && left > 0; frame = frames.After(frame), left--)
                {
                    if (MigrateTypes.IsMergeable(frames.BlockType(frame)) && accept(frame))
                    {
                        return frame;
                    }
                }
            }
        }

        return Frame.None;
    }

    private void FreeInto(Frame chunk, int order, int set)
    {
        for (Frame frame = chunk; frame < chunk + (1 << order); frame++)
        {
            frames[frame].MoveToSet(set);
        }

        buddy.Free(chunk, order, frames.BlockType(chunk), toTail: true);
    }
}
