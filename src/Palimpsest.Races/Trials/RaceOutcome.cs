namespace Palimpsest.Races.Trials;

/// <summary>What exploring a race told: all that its reports show, in whatever form.</summary>
/// <param name="Without">The search with its safeguard left out; null when it has none.</param>
/// <param name="With">The search with all safeguards in force.</param>
public sealed record RaceOutcome(
    string Id, string Title, string Design, string Safeguard, SearchOutcome? Without, SearchOutcome With, RaceVerdict Verdict)
{
    /// <summary>The failing run that says most: without the safeguard, else with all in force.</summary>
    public ToldRun? Failing => Without?.Failing ?? With.Failing;

    /// <summary>What can be kept of a result: words and schedules, no machine.</summary>
    public static RaceOutcome Of(RaceResult result) => new(
        result.Race.Id, result.Race.Title, result.Design, result.Race.Safeguard, result.Without is { } without
            ? SearchOutcome.Of(without)
            : null,
        SearchOutcome.Of(result.With), RaceVerdicts.Of(result));
}
