using Palimpsest.Exploration;

namespace Palimpsest.Races.Trials;

/// <summary>What one search told.</summary>
/// <param name="Schedules">Runs that came to an end.</param>
/// <param name="IsExhaustive">Every run was looked at, up to the preemption bound if there is one.</param>
/// <param name="PreemptionBound">The bound, where it left runs out.</param>
/// <param name="FoundAfter">Runs up to the first failure, it included; 0 when all held.</param>
/// <param name="Failing">The shortest failing run that was found; null when all held.</param>
/// <param name="IsShortest">There is none that is shorter.</param>
public sealed record SearchOutcome(
    string Strategy, long Schedules, bool IsExhaustive, int? PreemptionBound, long FoundAfter, ToldRun? Failing, bool IsShortest)
{
    /// <summary>No run failed.</summary>
    public bool Held => Failing is null;

    /// <summary>What can be kept of a search.</summary>
    public static SearchOutcome Of(SearchResult search) => new(
        search.Strategy, search.Schedules, search.IsExhaustive, search.PreemptionBound, search.FoundAfter,
        search.Finding is { } finding ? ToldRun.Of(finding.Shortest) : null, search.Finding is { IsShortest: true });
}
