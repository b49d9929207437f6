using Palimpsest.Lab.Workloads;

namespace Palimpsest.Lab.Trials;

/// <summary>What reports say of a workload.</summary>
/// <param name="Steps">All that is replayed.</param>
/// <param name="LateTags">Pages that turned tagged while in use.</param>
/// <param name="InitialPages">Pages in use before the first step.</param>
public sealed record WorkloadFacts(
    int Steps, long Allocations, long Frees, long TaggedAllocations, long LateTags, int InitialPages, int Cpus, long DurationNs,
        string TagSource, Repairs Repairs)
{
    /// <summary>Counts of a workload, without its steps.</summary>
    public static WorkloadFacts Of(Workload workload) => new(
        workload.Steps.Length, workload.Allocations, workload.Frees, workload.TaggedAllocations, workload.LateTags, workload.Initial.Count,
        workload.Cpus, workload.DurationNs, workload.TagSource, workload.Repairs);
}
