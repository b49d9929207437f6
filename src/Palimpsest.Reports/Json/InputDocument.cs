using System.Text.Json.Serialization;
using Palimpsest.Lab.Inspection;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Json;

/// <summary>The recording, as palimpsest.compare and palimpsest.inspect tell of it.</summary>
/// <param name="MovedOutOfRanges">Known with a board only.</param>
internal sealed record InputDocument(
    string Name, string Format, long Events, long Allocations, long Frees, long TaggedAllocations, long LostEvents, long UnknownFrees,
    long LiveReallocations, long FailedAllocations, long HiddenAllocations, long MigrationTargets,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? MovedOutOfRanges,
    long InitialPages, double DurationS, int Cpus)
{
    public static InputDocument Of(ComparisonResult result)
    {
        (RecordingFacts recording, WorkloadFacts workload) = (result.Recording, result.Workload);
        return new InputDocument(
            recording.Name, recording.Format, recording.Events, workload.Allocations, workload.Frees, workload.TaggedAllocations,
                recording.LostEvents,
            workload.Repairs.UnknownFrees, workload.Repairs.LiveReallocations, workload.Repairs.FailedAllocations,
                workload.Repairs.HiddenAllocations,
            workload.Repairs.MigrationTargets, workload.Repairs.MovedOut, workload.InitialPages, workload.DurationNs / 1e9, workload.Cpus);
    }

    public static InputDocument Of(InspectionResult result) => new(
        result.Recording.Name, result.Recording.Format, result.Recording.Events, result.Allocations, result.Frees,
            result.FlaggedAllocations,
        result.Recording.LostEvents, result.UnknownFrees, result.LiveReallocations, result.FailedAllocations, result.HiddenAllocations,
        result.MigrationTargets, MovedOutOfRanges: null, result.InUseBefore, result.HasTime
            ? (result.LastTimeNs - result.FirstTimeNs) / 1e9
            : 0,
        result.Recording.Cpus);
}
