using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// The state at the first event. A frame first seen taken from a list was free, one first seen freed was in use, and one
/// never seen is what kpageflags says of it. Free frames form the largest buddy chunks, in ascending order, as
/// memblock hands them over. The type of a pageblock is named by the first refill,
/// drain or reuse in it.
/// </summary>
internal sealed class RecordedStart(MemorySystem system, Trace trace, RecordedFrames recorded, PageFlagsSnapshot? flags)
{
    /// <summary>The kernel thread that initialises most memory late in boot, and frees it as it does.</summary>
    public const string LateInitialiser = "pgdatinit";

    private readonly MemoryLayout _layout = system.Layout;

    /// <summary>Frames that were free.</summary>
    public int FreeFrames { get; private set; }

    /// <summary>Pageblocks whose first type was read off the recording.</summary>
    public int TypedBlocks { get; private set; }

    public void Apply()
    {
        SetBlockTypes();
        FrameTable frames = system.Frames;
        for (int frame = 0; frame < _layout.Frames;)
        {
            if (!IsFree(frame))
            {
                if (frames[frame].State == FrameState.Covered)
                {
                    system.Steps.MarkInUse(frame, 0);
                }

                frame++;
                continue;
            }

            int order = LargestChunk(frame);
            system.Steps.FreeToBuddy(frame, order, frames.BlockType(frame), toTail: true);
            FreeFrames += 1 << order;
            frame += 1 << order;
        }
    }

    private bool IsFree(int frame) =>
        system.Frames[frame].State is FrameState.Covered && recorded.First(frame) switch
        {
            TraceEventKind.Refill or TraceEventKind.Allocate => true,
            null => flags?.IsFree(_layout, frame) ?? false,
            _ => false,
        };

    private int LargestChunk(int frame)
    {
        int order = 0;
        while (order < Order.Max && (frame & (1 << order)) == 0 && frame + (2 << order) <= _layout.Frames)
        {
            for (int other = frame + (1 << order); other < frame + (2 << order); other++)
            {
                if (!IsFree(other) || system.Frames.BlockType(other) != system.Frames.BlockType(frame))
                {
                    return order;
                }
            }

            order++;
        }

        return order;
    }

    private void SetBlockTypes()
    {
        bool[] isKnown = new bool[system.Frames.PageBlocks];
        int blockOrder = system.Frames.PageBlockOrder;
        int[] lastFreed = new int[system.Frames.PageBlocks];
        Array.Fill(lastFreed, -1);
        for (int chunk = 0; chunk < trace.Events.ChunkCount; chunk++)
        {
            foreach (ref readonly TraceEvent at in trace.Events.Chunk(chunk))
            {
                int frame = _layout.FrameOf(at.Pfn);
                if (frame < 0 || isKnown[frame >> blockOrder])
                {
                    continue;
                }

                if (at.Kind == TraceEventKind.ExternalFragmentation)
                {
                    // What is taken from another type was of that type before; a chunk of order 10 is two blocks.
                    isKnown[frame >> blockOrder] = true;
                    isKnown[Math.Min(frame >> blockOrder | 1, isKnown.Length - 1)] = true;
                }
                else if (at.Kind is TraceEventKind.Refill or TraceEventKind.Drain)
                {
                    isKnown[frame >> blockOrder] = true;
                    SetType(frame, at.MigrateType);
                }
                else if (at.Kind == TraceEventKind.Free)
                {
                    lastFreed[frame >> blockOrder] = frame;
                }
                else if (at.Kind == TraceEventKind.Allocate && lastFreed[frame >> blockOrder] == frame)
                {
                    // It went through a per-CPU list, and a free puts a page on the list of its block's type.
                    isKnown[frame >> blockOrder] = true;
                    SetType(frame, (int)new AllocationRequest(trace.GfpSets[at.Gfp], new Order(at.Order), 0, IsTagged: false, Owner: 0).Type);
                }
            }
        }
    }

    private void SetType(int frame, int type)
    {
        if (type < MigrateTypes.PerCpuCount && type != (int)MigrateType.Movable && system.Frames.BlockType(frame) == MigrateType.Movable)
        {
            system.Steps.SetBlockType(frame, (MigrateType)type);
            TypedBlocks++;
        }
    }
}
