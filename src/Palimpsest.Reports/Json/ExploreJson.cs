using System.Text.Json;
using Palimpsest.Races;
using Palimpsest.Races.Trials;

namespace Palimpsest.Reports.Json;

/// <summary>
/// Writes explored races as "palimpsest.explore" version 2 (1 had the seconds that it took); rules as for <see cref="ComparisonJson"/>.
/// </summary>
public static class ExploreJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.explore";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 2;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, IReadOnlyList<RaceOutcome> races, Provenance? provenance = null) =>
        JsonSerializer.Serialize(
            stream, new ExploreDocument(Format, Version, [.. races.Select(Of)], provenance), DocumentJson.Default.ExploreDocument);

    private static ScenarioDocument Of(RaceOutcome outcome)
    {
        return new ScenarioDocument(
            outcome.Id, outcome.Title, outcome.Design, outcome.Safeguard, outcome.Without is { Held: false },
            outcome.Without is { Held: false } found ? found.FoundAfter : null, outcome.Failing?.Schedule, outcome.Failing?.Law,
                outcome.With.Held,
            outcome.With.Schedules, outcome.With.IsExhaustive, outcome.With.PreemptionBound, NameOf(outcome.Verdict));
    }

    private static string NameOf(RaceVerdict verdict) => verdict switch
    {
        RaceVerdict.Broken => "broken",
        RaceVerdict.NotFound => "not_found",
        RaceVerdict.NotNeeded => "not_needed",
        RaceVerdict.Open => "open",
        _ => "holds",
    };
}

internal sealed record ExploreDocument(string Format, int Version, IReadOnlyList<ScenarioDocument> Scenarios, Provenance? Provenance);

internal sealed record ScenarioDocument(
    string Id, string Title, string Design, string Safeguard, bool Found, long? SchedulesToFind, string? Schedule, string? Law, bool Held,
    long SchedulesExplored, bool Exhaustive, int? PreemptionBound, string Verdict);
