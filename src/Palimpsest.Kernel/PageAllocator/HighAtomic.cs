using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>Pageblocks kept for high-order atomic requests (reserve_highatomic_pageblock, mm/page_alloc.c, 6.1).</summary>
internal sealed class HighAtomic(FrameTable frames, Buddy buddy, AllocatorRules rules)
{
    /// <summary>Makes the block of a page just allocated one of the reserved, up to the limit of the rules.</summary>
    public void Reserve(Zone zone, Frame frame)
    {
        int most = rules.HighAtomicLimit(ZoneView.Of(zone), frames.PageBlockFrames);
        bool isLent = zone.IsTagStorage || frames[frame].AreaSet != StorageSets.Data;
        if (zone.HighAtomicFrames >= most || isLent || !MigrateTypes.IsMergeable(frames.BlockType(frame)))
        {
            return;
        }

        zone.HighAtomicFrames += frames.PageBlockFrames;
        frames.SetBlockType(frame, MigrateType.HighAtomic);
        zone.FreeHighAtomicFrames += buddy.MoveBlock(zone, frame, MigrateType.HighAtomic).Moved;
    }

    /// <summary>Gives one block back to ordinary use when an allocation is about to fail.</summary>
    /// <param name="force">Give back the last block too.</param>
    public bool TryUnreserve(Zone zone, MigrateType type, bool force)
    {
        if (!force && zone.HighAtomicFrames <= frames.PageBlockFrames)
        {
            return false;
        }

        for (int set = 0; set < zone.Sets; set++)
        {
            for (int order = 0; order <= frames.LargestOrder; order++)
            {
                if (TryUnreserve(zone, frames.ListHead(zone.List(set, order, MigrateType.HighAtomic)), type))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool TryUnreserve(Zone zone, Frame head, MigrateType type)
    {
        Frame frame = frames.First(head);
        if (frame == head)
        {
            return false;
        }

        if (frames.BlockType(frame) == MigrateType.HighAtomic)
        {
            zone.HighAtomicFrames -= Math.Min(frames.PageBlockFrames, zone.HighAtomicFrames);
        }

        frames.SetBlockType(frame, type);
        int moved = buddy.MoveBlock(zone, frame, type).Moved;
        zone.FreeHighAtomicFrames -= Math.Min(moved, zone.FreeHighAtomicFrames);
        return moved > 0;
    }
}
