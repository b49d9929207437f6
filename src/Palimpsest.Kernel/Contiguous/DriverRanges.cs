using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Contiguous;

/// <summary>Ranges for drivers: cma_alloc of a known place, alloc_contig_range; one at a time (mm/cma.c, 6.1).</summary>
internal sealed class DriverRanges(FrameTable frames, ContiguousAllocator contiguous, KernelRuntime runtime, Tracepoints trace)
{
    public async ValueTask<RangeOutcome> Allocate(Frame start, int count, CpuId cpu)
    {
        await runtime.Take(runtime.Locks.Cma);
        RangeResult range = await contiguous.Allocate(start, count, cpu);
        runtime.Locks.Cma.Release();
        if (range.Outcome == RangeOutcome.Done)
        {
            trace.Tell(new KernelEvent(KernelEventKind.RangeAllocated, cpu, start, Value: count));
        }

        return range.Outcome;
    }

    /// <summary>Gives a range back; frames of it that are not held are passed over.</summary>
    public void Free(Frame start, int count, CpuId cpu)
    {
        for (Frame frame = start; frame < start + count; frame++)
        {
            if (frames[frame].State == FrameState.Held && !frames[frame].Has(FrameFlags.TagStorage))
            {
                trace.Tell(new KernelEvent(KernelEventKind.PageFreed, cpu, frame));
                contiguous.Free(frame, 1, cpu, throughPerCpu: true);
            }
        }
    }
}
