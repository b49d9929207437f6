using Palimpsest.Lab.Snapshots;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Workloads;

/// <summary>How a recording is turned into a workload.</summary>
/// <param name="PinnedShare">Share of movable pages that cannot be migrated, 0 to 1.</param>
/// <param name="StartState">What was in use before the recording; null to infer it from the events alone.</param>
/// <param name="PerCpuAtStart">Pages on the per-CPU lists at the start, by CPU; null where nobody counted them.</param>
/// <param name="ChunksAtStart">Free chunks at the start; null where nobody counted them.</param>
public sealed record WorkloadOptions(
    TagSource TagSource, double PinnedShare = 0, IStartState? StartState = null, IReadOnlyList<int>? PerCpuAtStart = null,
        FreeChunkCounts? ChunksAtStart = null)
{
    /// <summary>For tag source snapshot: the pages that were tagged when snapshots were taken, in the order of time.</summary>
    public IReadOnlyList<TaggedMapping> TaggedAtSnapshots { get; init; } = [];
}
