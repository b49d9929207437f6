using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>A pageblock whose migratetype at the start is known.</summary>
/// <param name="Frame">First frame of the block.</param>
public readonly record struct PageBlockType(int Frame, MigrateType Type);

/// <summary>
/// Reads the types that pageblocks had at the start off a recording: the first refill or drain in a block names its
/// list, and so does a page that is freed and allocated again, since a free puts it on the list of its block's type.
/// </summary>
public static class PageBlockEvidence
{
    /// <summary>Blocks that were not Movable, which is what memory is initialised to; in the order of the evidence.</summary>
    public static IReadOnlyList<PageBlockType> Find(Trace trace, MemoryLayout layout)
    {
        int blockOrder = layout.Geometry.PageBlockOrder;
        bool[] isKnown = new bool[(layout.Frames >> blockOrder) + 1];
        int[] lastFreed = new int[isKnown.Length];
        Array.Fill(lastFreed, -1);
        List<PageBlockType> types = [];
        for (int chunk = 0; chunk < trace.Events.ChunkCount; chunk++)
        {
            foreach (ref readonly TraceEvent at in trace.Events.Chunk(chunk))
            {
                int frame = layout.FrameOf(at.Pfn);
                if (frame < 0 || isKnown[frame >> blockOrder])
                {
                    continue;
                }

                int block = frame >> blockOrder;
                if (TypeOf(trace, at, frame, ref lastFreed[block]) is { } type)
                {
                    isKnown[block] = true;
                    // A chunk of order 10 that is stolen is two blocks, of the type it is stolen from.
                    isKnown[block | 1] |= at.Kind == TraceEventKind.ExternalFragmentation;
                    if (type is MigrateType.Unmovable or MigrateType.Reclaimable)
                    {
                        types.Add(new PageBlockType(block << blockOrder, type));
                    }
                }
            }
        }

        return types;
    }

    private static MigrateType? TypeOf(Trace trace, in TraceEvent at, int frame, ref int lastFreed)
    {
        switch (at.Kind)
        {
            case TraceEventKind.ExternalFragmentation:
                return MigrateType.Movable;
            case TraceEventKind.Refill or TraceEventKind.Drain:
                return (MigrateType)Math.Min((int)at.MigrateType, (int)MigrateType.Isolate);
            case TraceEventKind.Free:
                lastFreed = frame;
                return null;
            case TraceEventKind.Allocate when lastFreed == frame:
                return new AllocationRequest(trace.GfpSets[at.Gfp], new Order(at.Order), 0, IsTagged: false, Owner: 0).Type;
            default:
                return null;
        }
    }
}
