using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel;

/// <summary>Where folios of a replay move to: any memory there is; with storage, and tagged, where tags come along.</summary>
internal sealed class ReplayTarget(MemorySystem memory) : IMigrationTarget
{
    public async ValueTask<Frame> Allocate(Zone from, Order order, bool isTagged, CpuId cpu)
    {
        Frame frame = await Destination.Take(memory, from, order, isTagged, cpu, AllocationEffort.WithoutReclaim);
        if (isTagged && !frame.IsNone)
        {
            memory.Tagged.MarkTagged(frame);
        }

        return frame;
    }

    public void FreeSource(Frame frame, CpuId cpu) => memory.GiveBack(frame, cpu);
}
