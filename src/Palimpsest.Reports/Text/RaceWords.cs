using System.Globalization;
using Palimpsest.Races;
using Palimpsest.Races.Trials;

namespace Palimpsest.Reports.Text;

/// <summary>What a search told, in words for a table or a sentence.</summary>
internal static class RaceWords
{
    /// <summary>Schedules up to the first failure without the safeguard; a dash when none is left out.</summary>
    public static string FoundAfter(RaceOutcome result) => result.Without is not { } without
        ? "-"
        : without.Held
        ? "not found"
        : Count(without.FoundAfter);

    /// <summary>Schedules looked at with all in force, none of which failed.</summary>
    public static string HeldIn(RaceOutcome result) => result.With.Held ? Count(result.With.Schedules) : "found";

    /// <summary>How far the search with all in force went, or the law that was broken.</summary>
    public static string Extent(RaceOutcome result) => result.With.Failing is { } failing ? failing.Law! : Bound(result.With);

    public static string Bound(SearchOutcome search) => (search.IsExhaustive, search.PreemptionBound) switch
    {
        (true, null) => "all there are",
        (true, { } bound) => Counted(bound, "preemption"),
        _ => "not all",
    };

    public static string Found(SearchOutcome search) => $"found in schedule {Count(search.FoundAfter)} ({search.Strategy})";

    /// <summary>How short the failing run could be made.</summary>
    public static string Shortest(SearchOutcome search, ToldRun failing) =>
        $"{Counted(failing.Preemptions, "preemption")}, {Counted(failing.Steps, "step")}{(search.IsShortest ? "; none is shorter" : "")}";

    public static string Held(SearchOutcome search) => $"held in {Counted(search.Schedules, "schedule")}, " +
        (search.IsExhaustive && search.PreemptionBound is not null
            ? $"all up to {Bound(search)}"
            : search.IsExhaustive
            ? Bound(search)
            : "not all there are");

    /// <summary>The verdict in words; empty where the table says it all.</summary>
    public static string Verdict(RaceOutcome result) => result.Verdict switch
    {
        RaceVerdict.Broken => $"BROKEN with all safeguards: {result.With.Failing!.Law}",
        RaceVerdict.NotFound => $"NOT FOUND without {result.Safeguard}: it prevents nothing, or the search was too short",
        RaceVerdict.NotNeeded => $"not found without {result.Safeguard} under {result.Design}",
        RaceVerdict.Open => $"open claim, true: {result.With.Failing!.Law}, and no safeguard was proposed",
        _ => "",
    };

    private static string Counted(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
