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
/// from the other list; at last a tag page in use is emptied, or a page of another group is moved out to make room.
/// </summary>
// A group on the Blocks set owns its storage frames: they are Held and on no list.
internal sealed partial class TagBlockLists(
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
            || (set == StorageSets.Tagged && (TryActivate(zone, order) || TryCompact(zone, order)));
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
