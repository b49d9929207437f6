using System.Globalization;
using System.Text;
using Palimpsest.Exploration;
using Palimpsest.Races;

namespace Palimpsest.Cli;

/// <summary>Explored races in lines of at most a hundred columns.</summary>
internal static class RaceText
{
    public static string Heading() =>
        "race  design             safeguard                     without it        with all         bound\n";

    public static string Row(RaceResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Race.Id,-5} {result.Design,-18} {(result.Race.Safeguard.Length == 0 ? "-" : result.Race.Safeguard),-29} {Found(result.Without),-17} {Held(result.With),-16} {Bound(result.With)}\n");

    /// <summary>One race: the way to the failure, and how far it was looked for with everything in force.</summary>
    public static string Whole(RaceResult result)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{result.Race.Id}: {result.Race.Title}; {result.Design}\n");
        if (result.Without is { } without)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nwithout {result.Race.Safeguard}: ").Append(Search(without));
        }

        return text.Append("\nwith all safeguards: ").Append(Search(result.With)).ToString();
    }

    public static string Search(SearchResult result)
    {
        if (result.Finding is not { } finding)
        {
            return string.Create(CultureInfo.InvariantCulture, $"held in {result.Schedules:N0} schedules, {Bound(result)}\n");
        }

        string shortest = finding.IsShortest ? "; there is none with fewer preemptions or steps" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"found in schedule {result.FoundAfter:N0} ({result.Strategy}); {finding.Shortest.Preemptions} preemptions, {finding.Shortest.Steps.Count} steps{shortest}\n\n{RunTable.Print(finding.Shortest)}    {finding.Shortest.Schedule}\n");
    }

    public static string Unexplored()
    {
        StringBuilder text = new("\nNot explored:\n");
        foreach (UnexploredRace race in RaceCatalog.Unexplored)
        {
            text.Append(CultureInfo.InvariantCulture, $"{race.Id,-5} {race.Reason}\n");
        }

        return text.ToString();
    }

    private static string Found(SearchResult? result) => result is null ? "-"
        : result.Held ? "NOT FOUND"
        : string.Create(CultureInfo.InvariantCulture, $"found after {result.FoundAfter:N0}");

    private static string Held(SearchResult result) => result.Held
        ? string.Create(CultureInfo.InvariantCulture, $"held in {result.Schedules:N0}")
        : $"FOUND {result.Finding!.Shortest.Failure!.Law}";

    private static string Bound(SearchResult result) => !result.Held ? ""
        : (result.IsExhaustive, result.PreemptionBound) switch
        {
            (true, null) => "all there are",
            (true, { } bound) => $"all up to {bound} preemptions",
            _ => "not all there are",
        };
}
