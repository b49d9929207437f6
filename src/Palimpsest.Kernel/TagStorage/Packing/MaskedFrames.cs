using System.Numerics;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>Takes the free frames of a block off the buddy lists into its mask, and puts them back.</summary>
internal sealed class MaskedFrames(FrameTable frames, TagBlocks blocks, Buddy buddy, BlockMasks masks, ActivationSearch search)
{
    public bool CanMask(BlockId block)
    {
        (Frame first, int count) = blocks.CoverOf(block);
        // Tagged pages of an active block stay for long: in a driver's pool a pin would move them, and find room only there again.
        return count > 0 && !blocks.IsKept(block) && frames.BlockType(first) is not (MigrateType.Isolate or MigrateType.Cma)
            && search.EndsWithin(first, count);
    }

    /// <returns>Folios in it that cannot move.</returns>
    public int Mask(BlockId block, Zone zone)
    {
        (Frame first, int count) = blocks.CoverOf(block);
        int unmovable = 0;
        for (Frame at = first; at < first + count;)
        {
            int span = buddy.FindChunk(at, 0).IsNone ? Math.Max(1, 1 << frames[at].Order) : TakeReady(block, at, first + count, zone);
            for (Frame part = at; part < at + span; part++)
            {
                frames[part].MoveToSet(StorageSets.Tagged);
            }

            unmovable += IsUnmovable(frames[at]) ? 1 : 0;
            at += span;
        }

        return unmovable;
    }

    public void Unmask(BlockId block, Zone zone)
    {
        (Frame first, int count) = blocks.CoverOf(block);
        for (Frame at = first; at < first + count; at++)
        {
            frames[at].MoveToSet(StorageSets.Data);
        }

        zone.ReadyFrames -= masks.FreeOf(block);
        for (int order = search.BlockOrder; order >= 0; order--)
        {
            while (masks.TakeRun(block, order) is { IsNone: false } frame)
            {
                for (Frame part = frame; part < frame + (1 << order); part++)
                {
                    frames[part].Become(FrameState.Covered, 0);
                }

                buddy.Free(frame, order, frames.BlockType(frame));
            }
        }
    }

    /// <summary>Data that stays where it is until it is freed.</summary>
    public static bool IsUnmovable(in PageFrame page) =>
        page.State == FrameState.Allocated && !page.Has(FrameFlags.Movable | FrameFlags.StorageReserved);

    /// <summary>Takes the largest chunk at a free frame off the buddy lists that ends within a block.</summary>
    private int TakeReady(BlockId block, Frame at, Frame end, Zone zone)
    {
        int order = Math.Min(frames.LargestOrder, BitOperations.TrailingZeroCount(at.Index));
        while (1 << order > end - at || buddy.FindChunk(at, order).IsNone)
        {
            order--;
        }

        buddy.TakeExact(at, order);
        for (Frame part = at; part < at + (1 << order); part++)
        {
            frames[part].Become(FrameState.Ready, 0);
            masks.Add(block, part);
        }

        zone.ReadyFrames += 1 << order;
        return 1 << order;
    }
}
