using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Supply;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Owners;

/// <summary>Where folios of processes move to: any memory, reclaimed if need be; with storage where they are tagged.</summary>
/// <param name="gfp">Which memory that may be; null for what the zone of the source allows, its node first.</param>
internal sealed class ProcessTarget(PageSupply supply, FolioTable folios, GfpFlags? gfp = null) : IMigrationTarget
{
    public async ValueTask<Frame> Allocate(Zone from, Order order, bool isTagged, CpuId cpu)
    {
        AllocationResult got = await supply.Allocate(
            gfp ?? FolioMigration.TargetGfp(from), order, isTagged, cpu, needsStorage: isTagged, gfp is null ? from.Node : 0);
        if (got.Frame.IsNone)
        {
            return Frame.None;
        }

        folios.Begin(got.Frame);
        if (!isTagged || got.Outcome == AllocationOutcome.Done)
        {
            return got.Frame;
        }

        FreeSource(got.Frame, cpu);
        return Frame.None;
    }

    public void FreeSource(Frame frame, CpuId cpu) => folios.Put(frame, cpu);
}
