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
    public void Occupy(int frame)
    {
        if (frames[frame].AreaSet != StorageSets.Blocks)
        {
            return;
        }

        int group = frame & ~((1 << GroupOrder) - 1);
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
        int chunk = FindChunk(zone, StorageSets.Blocks, wanted, _ => true);
        if (chunk < 0)
        {
            return false;
        }

        buddy.TakeExact(chunk, wanted);
        HandOver(chunk, wanted, set);
        return true;
    }

    /// <summary>Groups become tagged pages, their storage reserved, or 33 untagged pages each.</summary>
    private void HandOver(int chunk, int order, int set)
    {
        for (int group = chunk; group < chunk + (1 << order); group += 1 << GroupOrder)
        {
            int block = blocks.BlockOf(group);
            (int first, int count) = blocks.StorageOf(block);
            if (set == StorageSets.Tagged)
            {
                blocks.Become(block, TagBlockState.Reserved);
                recall.Contents.BeginTags(first, count, invalidate: true);
            }
            else
            {
                contiguous.Free(first, count, cpu: 0, throughPerCpu: false);
            }

            counters.BlockConversions++;
        }

        FreeInto(chunk, order, set);
    }

    /// <summary>Moves a free chunk whose groups are complete from a set to the Blocks set.</summary>
    private bool TryCollect(Zone zone, int set, int wanted)
    {
        int chunk = FindChunk(zone, set, wanted, head => set == StorageSets.Tagged || TryTakeStorage(head, wanted));
        if (chunk < 0)
        {
            return false;
        }

        buddy.TakeExact(chunk, wanted);
        if (set == StorageSets.Tagged)
        {
            // Tag Storage Clean: tags of the data pages, then data of the tag page.
            for (int group = chunk; group < chunk + (1 << wanted); group += 1 << GroupOrder)
            {
                int block = blocks.BlockOf(group);
                (int first, int count) = blocks.StorageOf(block);
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
        List<int> candidates = [];
        FindChunk(zone, StorageSets.Data, order, chunk =>
        {
            if (IsWholeGroupStart(chunk) && CanEmpty(chunk))
            {
                candidates.Add(chunk);
            }

            return false;
        });
        foreach (int chunk in candidates)
        {
            // An attempt that failed may have moved pages: what was free need not be free any more.
            if (buddy.FindChunk(chunk, order) >= 0 && IsWholeGroupStart(chunk) && TryActivate(chunk, order))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Nothing in the tag page of a group stands in the way of moving it out.</summary>
    private bool CanEmpty(int chunk)
    {
        (int first, int count) = blocks.StorageOf(blocks.BlockOf(chunk));
        for (int frame = first; frame < first + count; frame++)
        {
            ref PageFrame at = ref frames[frame];
            if (at.State == FrameState.Kept || at.State == FrameState.Held
                || (at.State == FrameState.Allocated && (!at.Has(FrameFlags.Movable) || at.Has(FrameFlags.Pinned | FrameFlags.Isolated))))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryActivate(int chunk, int order)
    {
        int first = chunk & ~((1 << GroupOrder) - 1);
        int end = Math.Max(first + (1 << GroupOrder), chunk + (1 << order));
        bool activated = false;
        for (int group = first; group < end; group += 1 << GroupOrder)
        {
            int block = blocks.BlockOf(group);
            ReservationPath path = recall.Recall(block, cpu: 0).Now();
            if (path >= ReservationPath.Failed)
            {
                return activated;
            }

            if (!IsWholeOrInPieces(group))
            {
                // The guest that left the storage moved in here, and reaches into the next group.
                if (path != ReservationPath.Already)
                {
                    recall.Lend(block, cpu: 0);
                }

                return activated;
            }

            MoveGroup(group, StorageSets.Tagged);
            activated = true;
        }

        return activated;
    }

    /// <summary>Moves the frames of a group to a set, whether they are free or in use.</summary>
    private void MoveGroup(int group, int set)
    {
        if (buddy.TakeExact(group, GroupOrder))
        {
            FreeInto(group, GroupOrder, set);
            return;
        }

        for (int at = group; at < group + (1 << GroupOrder);)
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
                for (int frame = at; frame < at + span; frame++)
                {
                    frames[frame].MoveToSet(set);
                }
            }

            at += span;
        }
    }

    /// <summary>A chunk of data frames, all of whose groups begin with a folio or chunk of their own.</summary>
    private bool IsWholeGroupStart(int chunk)
    {
        if (frames[chunk].Has(FrameFlags.Untaggable))
        {
            return false;
        }

        int group = chunk & ~((1 << GroupOrder) - 1);
        int block = blocks.BlockOf(group);
        return block >= 0
            && blocks.StateOf(block) == TagBlockState.Lent
            && (group == chunk || frames[group].State != FrameState.Covered);
    }

    private bool IsWholeOrInPieces(int group) =>
        buddy.FindChunk(group, GroupOrder) >= 0 || (frames[group].State != FrameState.Covered && frames[group].Order <= GroupOrder);

    private bool TryTakeStorage(int chunk, int order)
    {
        if (frames[chunk].Has(FrameFlags.Untaggable))
        {
            return false;
        }

        for (int group = chunk; group < chunk + (1 << order); group += 1 << GroupOrder)
        {
            int block = blocks.BlockOf(group);
            (int first, int count) = block < 0 ? (0, 0) : blocks.StorageOf(block);
            if (block < 0 || blocks.StateOf(block) != TagBlockState.Lent || !contiguous.TryTakeFree(first, count))
            {
                GiveBackStorage(chunk, group);
                return false;
            }
        }

        return true;
    }

    private void GiveBackStorage(int from, int end)
    {
        for (int group = from; group < end; group += 1 << GroupOrder)
        {
            (int first, int count) = blocks.StorageOf(blocks.BlockOf(group));
            contiguous.Free(first, count, cpu: 0, throughPerCpu: false);
        }
    }

    private int FindChunk(Zone zone, int set, int order, Predicate<int> accept)
    {
        for (int current = order; current <= Order.Max; current++)
        {
            if (zone.Chunks(set, current) == 0)
            {
                continue;
            }

            for (int type = 0; type < MigrateTypes.PerCpuCount; type++)
            {
                int head = frames.ListHead(zone.List(set, current, (MigrateType)type));
                int left = CandidatesPerList;
                for (int frame = frames.First(head); frame != head && left > 0; frame = frames.After(frame), left--)
                {
                    if (MigrateTypes.IsMergeable(frames.BlockType(frame)) && accept(frame))
                    {
                        return frame;
                    }
                }
            }
        }

        return -1;
    }

    private void FreeInto(int chunk, int order, int set)
    {
        for (int frame = chunk; frame < chunk + (1 << order); frame++)
        {
            frames[frame].MoveToSet(set);
        }

        buddy.Free(chunk, order, frames.BlockType(chunk), toTail: true);
    }
}
