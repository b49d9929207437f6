using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>What is left when no group is whole: pages move so that one can be tagged.</summary>
internal sealed partial class TagBlockLists
{
    /// <summary>Groups whose tag page could be emptied that are tried before the request fails.</summary>
    private const int MostActivations = 32;

    private BlockId _compacted = new(0);

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

    /// <summary>
    /// Where every group with a free page has a tag page that cannot be emptied: moves untagged pages out of another group, a chunk of
    /// the order asked ("compaction of the other list", here when it is needed).
    /// </summary>
    private bool TryCompact(Zone zone, int order)
    {
        // What is free but not for this request, so that it does not fragment, is for it when it asks again.
        bool isNeeded = order <= GroupOrder && FindChunk(zone, StorageSets.Tagged, order, candidates: 1, _ => true).IsNone;
        int left = isNeeded ? MostActivations : 0;
        for (int looked = 0; looked < blocks.Count && left > 0; looked++)
        {
            if (ChunkToMove(zone, _compacted, order) is { IsNone: false } chunk)
            {
                left--;
                if (TryCompact(_compacted, chunk, order))
                {
                    // The rest of this group comes first the next time.
                    return true;
                }
            }

            _compacted = new BlockId((_compacted.Index + 1) % blocks.Count);
        }

        return false;
    }

    private bool TryCompact(BlockId block, Frame chunk, int order)
    {
        // The tag page first: what leaves it may not land in the place that is made.
        ReservationPath path = recall.Recall(block, cpu: CpuId.Boot).Now();
        if (path >= ReservationPath.Failed)
        {
            return false;
        }

        Frame group = chunk.HeadAt(GroupOrder);
        bool hasMoved = contiguous.TryMoveOut(chunk, 1 << order, CpuId.Boot, RangeRules.None).Now();
        if (path != ReservationPath.Already)
        {
            if (!hasMoved || !IsWholeOrInPieces(group))
            {
                recall.Lend(block, cpu: CpuId.Boot);
                return false;
            }

            MoveGroup(group, StorageSets.Tagged);
        }

        // What moved may have gone to a page that was free here.
        return !buddy.FindChunk(chunk, order).IsNone;
    }

    /// <summary>
    /// A chunk without tagged pages whose pages can be moved, of a group that is tagged or could be; none where there is none.
    /// </summary>
    private Frame ChunkToMove(Zone zone, BlockId block, int order)
    {
        (Frame first, int count) = blocks.CoverOf(block);
        if (count < 1 << GroupOrder || frames[first].Zone != zone.Index || !MigrateTypes.IsMergeable(frames.BlockType(first))
            || !(frames[first].AreaSet == StorageSets.Tagged || (IsWholeGroupStart(first) && CanEmpty(first))))
        {
            return Frame.None;
        }

        for (Frame chunk = first; chunk < first + (1 << GroupOrder); chunk += 1 << order)
        {
            if (CanMove(chunk, 1 << order) && IsWholeAndUntagged(chunk, order))
            {
                return chunk;
            }
        }

        return Frame.None;
    }

    private bool IsWholeAndUntagged(Frame chunk, int order)
    {
        for (Frame frame = chunk; frame < chunk + (1 << order); frame++)
        {
            Frame folio = frames.FolioOf(frame);
            if (!folio.IsNone && (folio < chunk || frames[folio].Order > order || frames[folio].Has(FrameFlags.Tagged)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Nothing in the tag page of a group stands in the way of moving it out.</summary>
    private bool CanEmpty(Frame chunk)
    {
        (Frame first, int count) = blocks.StorageOf(blocks.BlockOf(chunk));
        return CanMove(first, count);
    }

    private bool CanMove(Frame first, int count)
    {
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
}
