using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Schedules;

namespace Palimpsest.Exploration;

/// <summary>What a search found, or how much it looked at without finding anything.</summary>
/// <param name="Schedules">Runs that came to an end.</param>
/// <param name="Cut">Runs broken off because others like them were known.</param>
/// <param name="Steps">Steps of all of them; <paramref name="LongestRun"/> those of the longest.</param>
/// <param name="IsExhaustive">Every run was looked at, up to the preemption bound if there is one, or is equivalent to one that
/// was.</param>
/// <param name="PreemptionBound">The bound, where it left runs out.</param>
/// <param name="FoundAfter">Runs up to the first failure, it included; 0 when all held.</param>
public sealed record SearchResult(
    string Scenario, string Strategy, long Schedules, long Cut, long Steps, int LongestRun, bool IsExhaustive, int? PreemptionBound,
        long FoundAfter, Finding? Finding)
{
    /// <summary>No run failed.</summary>
    public bool Held => Finding is null;

    /// <summary>A sentence: how it was found and the schedule, or that it held, and how far was looked.</summary>
    public override string ToString() => Finding is null
        ? FormattableString.Invariant($"{Scenario}: held in {Schedules:N0} schedules, {Extent} ({Strategy})")
        : FormattableString.Invariant(
            $"{Scenario}: {Finding.Shortest.Failure} (schedule {FoundAfter:N0}, {Strategy}); {Finding.Shortest.Schedule}");

    private string Extent => !IsExhaustive ? "not all there are"
        : PreemptionBound is { } bound ? FormattableString.Invariant($"all up to {bound} preemptions")
        : "all there are";
}

/// <summary>A failure, as it was found and as short as it could be made.</summary>
/// <param name="First">The schedule of the run that failed first.</param>
/// <param name="Shortest">The run with the fewest preemptions, then the fewest steps, that was found to fail alike.</param>
/// <param name="IsShortest">There is none with fewer.</param>
public sealed record Finding(Schedule First, RunRecord Shortest, bool IsShortest);

/// <summary>A schedule run again.</summary>
/// <param name="Divergence">Where and how the run could not follow the schedule; null when it did to the end.</param>
public sealed record Repeat(RunRecord Run, string? Divergence);

/// <summary>When a search ends though nothing was found.</summary>
/// <param name="Schedules">Runs, those broken off included.</param>
/// <param name="Shrinking">Runs to make a failing schedule shorter.</param>
public sealed record SearchLimits(long Schedules = 100_000, long Shrinking = 20_000);
