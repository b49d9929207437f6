using Palimpsest.Kernel;
using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Replay;

/// <summary>
/// Makes frames free that lie together, for a request of more than single pages that found none: where only a filling cache lies it is
/// dropped, as reclaim does; else what can move is moved, as compaction does.
/// </summary>
internal sealed class CacheRanges(MemorySystem system, FillingCache cache)
{
    private Frame _scanned;

    /// <summary>Makes 2^order frames free; false where there is no such range.</summary>
    public bool TryMakeRoom(int order, CpuId cpu)
    {
        int count = 1 << order;
        for (int seen = 0; seen < system.Frames.Count; seen += count)
        {
            Frame start = new((_scanned.Index + seen) % system.Frames.Count & ~(count - 1));
            if (IsOnlyCache(start, count))
            {
                Drop(start, count);
                _scanned = start + count;
                return true;
            }
        }

        return TryCompact(count, cpu);
    }

    private bool TryCompact(int count, CpuId cpu)
    {
        for (Frame start = new(0); start.Index + count <= system.Frames.Count; start += count)
        {
            if (CanMove(start, count) && system.AllocateRange(start, count, cpu) == RangeOutcome.Done)
            {
                system.FreeRange(start, count, cpu);
                system.DrainAll();
                return true;
            }
        }

        return false;
    }

    private void Drop(Frame start, int count)
    {
        for (Frame at = start; at < start + count; at++)
        {
            if (system.FolioOf(at) == at && cache.Owns(system.Frames[at].Owner))
            {
                cache.DropOf(system.Frames[at].Owner);
            }
        }

        system.DrainAll();
    }

    private bool IsOnlyCache(Frame start, int count) =>
        start.Index + count <= system.Frames.Count && !system.Frames[start].Has(FrameFlags.TagStorage)
        && system.Frames.BlockType(start) is not (MigrateType.Isolate or MigrateType.Metadata)
        && Each(start, count, IsFreeOrCache);

    private bool IsFreeOrCache(Frame start, Frame at)
    {
        ref PageFrame page = ref system.Frames[at];
        return page.State switch
        {
            FrameState.Free or FrameState.PerCpu => true,
            FrameState.Allocated => page.Order == 0 && cache.Owns(page.Owner) && page.AreaSet == 0,
            FrameState.Covered => system.Guided.IsFree(at, 0),
            _ => false,
        };
    }

    private bool CanMove(Frame start, int count) => Each(start, count, IsMovable);

    private bool IsMovable(Frame start, Frame at)
    {
        ref PageFrame page = ref system.Frames[at];
        return !page.Has(FrameFlags.TagStorage) && page.State switch
        {
            FrameState.Free or FrameState.PerCpu or FrameState.Ready => true,
            FrameState.Allocated => page.Has(FrameFlags.Movable) && !page.Has(FrameFlags.Pinned),
            FrameState.Covered => at > start || system.Guided.IsFree(at, 0),
            _ => false,
        };
    }

    private static bool Each(Frame start, int count, Func<Frame, Frame, bool> holds)
    {
        bool all = true;
        for (Frame at = start; at < start + count && all; at++)
        {
            all = holds(start, at);
        }

        return all;
    }
}
