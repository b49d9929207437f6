using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel;

/// <summary>Where a folio moves to when any memory will do.</summary>
internal static class Destination
{
    /// <summary>Frames, with storage if the folio is tagged; none where there are none: tags would be lost on the way (DATA-2).</summary>
    public static async ValueTask<Frame> Take(
        MemorySystem memory, Zone from, Order order, bool isTagged, CpuId cpu, AllocationEffort effort)
    {
        AllocationResult got = await memory.Take(new AllocationRequest(FolioMigration.TargetGfp(from), order, cpu, isTagged, Owner: 0,
            effort, NeedsStorage: isTagged, from.Node, MayBorrow: false));
        if (got.Outcome != AllocationOutcome.Untagged)
        {
            return got.Frame;
        }

        memory.GiveBack(got.Frame, cpu);
        return Frame.None;
    }
}
