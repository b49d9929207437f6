using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Supply;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Owners;

/// <summary>Where folios of processes move to: any memory, reclaimed if need be; with storage where they are tagged.</summary>
/// <param name="gfp">Which memory that may be.</param>
internal sealed class ProcessTarget(PageSupply supply, FolioTable folios, GfpFlags gfp = FolioMigration.TargetGfp) : IMigrationTarget
{
    public async ValueTask<int> Allocate(Order order, bool isTagged, int cpu)
    {
        AllocationResult got = await supply.Allocate(gfp, order, isTagged, cpu, needsStorage: isTagged);
        if (got.Frame < 0)
        {
            return -1;
        }

        folios.Begin(got.Frame);
        if (!isTagged || got.Outcome == AllocationOutcome.Done)
        {
            return got.Frame;
        }

        FreeSource(got.Frame, cpu);
        return -1;
    }

    public void FreeSource(int frame, int cpu) => folios.Put(frame, cpu);
}
