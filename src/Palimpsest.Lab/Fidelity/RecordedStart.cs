using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// The state at the first event. A frame first seen taken from a list or isolated as free was free, one first seen freed was in use, and
/// one
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
        for (Frame frame = new(0); frame.Index < _layout.Frames;)
        {
            if (!IsFree(frame))
            {
                if (frames[frame].State == FrameState.Covered)
                {
                    system.Guided.MarkInUse(frame, 0);
                }

                frame++;
                continue;
            }

            int order = LargestChunk(frame);
            system.Guided.FreeToBuddy(frame, order, frames.BlockType(frame), toTail: true);
            FreeFrames += 1 << order;
            frame += 1 << order;
        }

        FillPerCpuLists();
        SetBootLimits();
    }

    /// <summary>Before setup_per_cpu_pageset, batch is 1 and high is 0.</summary>
    private void SetBootLimits()
    {
        if (system.Guided.PerCpu.HighMoves && !BeginsAtBoot())
        {
            return;
        }

        foreach (Zone zone in system.Zones)
        {
            for (CpuId cpu = CpuId.Boot; cpu.Index < trace.Cpus && zone.Start < zone.End; cpu++)
            {
                system.Guided.PerCpu.BeginBoot(zone.Start, cpu);
            }
        }
    }

    /// <summary>The first two refills took one page each: the page sets of the boot.</summary>
    private bool BeginsAtBoot()
    {
        int refills = 0;
        for (long index = 0; index < trace.Events.Count && refills < 2; index++)
        {
            bool isRefill = trace.Events[index].Kind == TraceEventKind.Refill;
            if (isRefill && index > 0 && trace.Events[index - 1].Kind == TraceEventKind.Refill)
            {
                return false;
            }

            refills += isRefill ? 1 : 0;
        }

        return refills == 2;
    }

    /// <summary>
    /// A page first seen allocated, without a refill, lay on a per-CPU list when the recording began, and so did one first
    /// seen drained. Requests took from the head, drains from the tail, in the order of their events.
    /// </summary>
    private void FillPerCpuLists()
    {
        for (long index = 0; index < trace.Events.Count; index++)
        {
            ref readonly TraceEvent at = ref trace.Events[index];
            if (at.Kind == TraceEventKind.Allocate)
            {
                AllocationRequest request = new(trace.GfpSets[at.Gfp], new Order(at.Order), new CpuId(at.Cpu), IsTagged: false, Owner: 0);
                PutOnList(at, index, request.Type);
            }
        }

        for (long index = trace.Events.Count - 1; index >= 0; index--)
        {
            ref readonly TraceEvent at = ref trace.Events[index];
            if (at.Kind == TraceEventKind.Drain)
            {
                PutOnList(at, index, PerCpuType(at.MigrateType));
            }
        }
    }

    /// <summary>Pages of other types travel on the list of movable ones.</summary>
    private static MigrateType PerCpuType(byte type) => type <= (byte)MigrateType.Reclaimable ? (MigrateType)type : MigrateType.Movable;

    private void PutOnList(in TraceEvent at, long index, MigrateType type)
    {
        Frame frame = new(_layout.FrameOf(at.Pfn));
        if (!frame.IsNone && at.Order <= Order.Costly && IsFirstOf(index, frame, 1 << at.Order)
            && system.Frames[frame].State == FrameState.Allocated)
        {
            system.Guided.MarkInUse(frame, at.Order);
            system.Guided.PerCpu.Refilled(frame, at.Order, type, new CpuId(at.Cpu));
        }
    }

    private bool IsFirstOf(long index, Frame frame, int count)
    {
        for (Frame part = frame; part < frame + count; part++)
        {
            if (part.Index >= _layout.Frames || recorded.FirstIndex(part) != index)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsFree(Frame frame) =>
        system.Frames[frame].State is FrameState.Covered && recorded.First(frame) switch
        {
            TraceEventKind.Refill or TraceEventKind.ExternalFragmentation => true,
            TraceEventKind.FreeIsolated or TraceEventKind.StorageBlock => true,
            TraceEventKind.Allocate => !WasOnPerCpu(frame),
            null => flags?.IsFree(_layout, frame) ?? false,
            _ => false,
        };

    private bool WasOnPerCpu(Frame frame) => trace.Events[recorded.FirstIndex(frame)].Order <= Order.Costly;

    private int LargestChunk(Frame frame)
    {
        int order = 0;
        while (order < system.Frames.LargestOrder && (frame.Index & (1 << order)) == 0 && (frame + (2 << order)).Index <= _layout.Frames)
        {
            for (Frame other = frame + (1 << order); other < frame + (2 << order); other++)
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
        foreach (PageBlockType block in PageBlockEvidence.Find(trace, _layout))
        {
            if (system.Frames.BlockType(block.Frame) == MigrateType.Movable)
            {
                system.Guided.SetBlockType(block.Frame, block.Type);
                TypedBlocks++;
            }
        }
    }
}
