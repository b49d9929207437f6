using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Folios;

/// <summary>Where folios of processes move to: any memory, reclaimed if need be; with storage where they are tagged.</summary>
/// <param name="gfp">Which memory that may be.</param>
internal sealed class ProcessTarget(RunningKernel kernel, GfpFlags gfp = FolioMigration.TargetGfp) : IMigrationTarget
{
    public async ValueTask<int> Allocate(Order order, bool isTagged, int cpu)
    {
        AllocationResult got = await kernel.Supply.Allocate(gfp, order, isTagged, cpu, needsStorage: isTagged);
        if (got.Frame < 0)
        {
            return -1;
        }

        kernel.Folios.Begin(got.Frame);
        if (!isTagged || got.Outcome == AllocationOutcome.Done)
        {
            return got.Frame;
        }

        FreeSource(got.Frame, cpu);
        return -1;
    }

    public void FreeSource(int frame, int cpu) => kernel.Folios.Put(frame, cpu);
}
