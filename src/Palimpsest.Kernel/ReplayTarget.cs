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
        AllocationRequest request = new(FolioMigration.TargetGfp(from), order, cpu, isTagged, Owner: 0)
        {
            NeedsStorage = isTagged,
            Node = from.Node,
        };
        AllocationResult got = await memory.Take(request);
        if (got.Outcome == AllocationOutcome.Untagged)
        {
            // Tags would be lost on the way (DATA-2): better not to move.
            FreeSource(got.Frame, cpu);
            return Frame.None;
        }

        if (isTagged && !got.Frame.IsNone)
        {
            memory.Tagged.MarkTagged(got.Frame);
        }

        return got.Frame;
    }

    public void FreeSource(Frame frame, CpuId cpu) => memory.GiveBack(frame, cpu);
}
