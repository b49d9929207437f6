using System.Globalization;
using Palimpsest.Exploration;

namespace Palimpsest.Races;

/// <summary>What a search told, in words for a table or a sentence.</summary>
public static class RaceWords
{
    /// <summary>Schedules up to the first failure without the safeguard; a dash when none is left out.</summary>
    public static string FoundAfter(RaceResult result) => result.Without is not { } without ? "-" : without.Held ? "not found" : Count(without.FoundAfter);

    /// <summary>Schedules looked at with all in force, none of which failed.</summary>
    public static string HeldIn(RaceResult result) => result.With.Held ? Count(result.With.Schedules) : "found";

    /// <summary>How far the search with all in force went, or the law that was broken.</summary>
    public static string Extent(RaceResult result) => result.With.Finding is { } finding ? finding.Shortest.Failure!.Law : Bound(result.With);

    public static string Bound(SearchResult search) => (search.IsExhaustive, search.PreemptionBound) switch
    {
        (true, null) => "all there are",
        (true, { } bound) => Counted(bound, "preemption"),
        _ => "not all",
    };

    public static string Found(SearchResult search) => $"found in schedule {Count(search.FoundAfter)} ({search.Strategy})";

    /// <summary>How short the failing run could be made.</summary>
    public static string Shortest(Finding finding) =>
        $"{Counted(finding.Shortest.Preemptions, "preemption")}, {Counted(finding.Shortest.Steps.Count, "step")}{(finding.IsShortest ? "; none is shorter" : "")}";

    public static string Held(SearchResult search) => $"held in {Counted(search.Schedules, "schedule")}, " +
        (search.IsExhaustive && search.PreemptionBound is not null ? $"all up to {Bound(search)}" : search.IsExhaustive ? Bound(search) : "not all there are");

    /// <summary>The verdict in words; empty where the table says it all.</summary>
    public static string Verdict(RaceResult result) => RaceVerdicts.Of(result) switch
    {
        RaceVerdict.Broken => $"BROKEN with all safeguards: {result.With.Finding!.Shortest.Failure!.Law}",
        RaceVerdict.NotFound => $"NOT FOUND without {result.Race.Safeguard}: it prevents nothing, or the search was too short",
        RaceVerdict.NotNeeded => $"not found without {result.Race.Safeguard} under {result.Design}",
        RaceVerdict.Open => $"open claim, true: {result.With.Finding!.Shortest.Failure!.Law}, and no safeguard was proposed",
        _ => "",
    };

    private static string Counted(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
