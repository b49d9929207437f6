using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Testing.Scripts;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Tests.Metrics;

/// <summary>Storage that a recording's own pfns need, counted by hand: blocks of one page, which cover 32.</summary>
public sealed class RecordedPlacementTests
{
    private static readonly MemoryLayout Layout = TestBoards.Layout("flat 8 MiB, small blocks");

    [Fact]
    public void ABlockCountsForAsLongAsOneOfItsPagesIsTagged()
    {
        RecordedPlacement placement = Of(
            Allocate(0, name: 0, order: 0), Allocate(0, name: 31, order: 0), Allocate(100, name: 32, order: 0),
            Free(200, name: 0, order: 0), Free(300, name: 31, order: 0), Free(400, name: 32, order: 0));

        // One block for 100 ns, two for 200, one for 100; packed, one for all of it.
        Assert.Equal((6 / 4.0, 2, 6 / 4.0), (placement.ReservedMean, placement.ReservedMax, placement.OverIdeal));
    }

    [Fact]
    public void PagesThatTurnTaggedAndPagesThatMoveCount()
    {
        RecordedPlacement placement = Of(
            new(WorkloadStepKind.Allocate, WorkloadStepFlags.None, 0, 64, 0, order: 1, CpuId.Boot),
            new(WorkloadStepKind.Tag, WorkloadStepFlags.None, 100, 65, 0, order: 0, CpuId.Boot),
            new(WorkloadStepKind.Rename, WorkloadStepFlags.None, 200, 65, 128, order: 0, CpuId.Boot),
            Free(400, name: 64, order: 0), Free(400, name: 128, order: 0));

        Assert.Equal(((100 + (2 * 200)) / 400.0, 2), (placement.ReservedMean, placement.ReservedMax));
    }

    private static RecordedPlacement Of(params WorkloadStep[] steps) => RecordedPlacement.Of(
        new Workload
        {
            Initial = [], Steps = steps, Repairs = new Repairs(), Allocations = 0, Frees = 0, TaggedAllocations = 1, LateTags = 0, Cpus = 1,
            TagSource = "flag",
        },
        Layout)!;

    private static WorkloadStep Allocate(long timeNs, int name, int order) =>
        new(WorkloadStepKind.Allocate, WorkloadStepFlags.Tagged, timeNs, name, 0, order, CpuId.Boot);

    private static WorkloadStep Free(long timeNs, int name, int order) =>
        new(WorkloadStepKind.Free, WorkloadStepFlags.None, timeNs, name, 0, order, CpuId.Boot);
}
