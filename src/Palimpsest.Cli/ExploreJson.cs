using System.Text.Json;
using Palimpsest.Exploration;
using Palimpsest.Lab.Reports;
using Palimpsest.Races;

namespace Palimpsest.Cli;

/// <summary>Writes explored races as "palimpsest.explore" version 1.</summary>
internal static class ExploreJson
{
    public const string Format = "palimpsest.explore";
    public const int Version = 1;

    public static void Write(Stream stream, IReadOnlyList<ExploredRace> races)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteStartArray("scenarios");
        foreach (ExploredRace race in races)
        {
            WriteRace(json, race.Result, race.Seconds);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRace(Utf8JsonWriter json, RaceResult result, double seconds)
    {
        SearchResult with = result.With;
        json.WriteStartObject();
        json.WriteString("id", result.Race.Id);
        json.WriteString("title", result.Race.Title);
        json.WriteString("design", result.Design);
        json.WriteString("safeguard", result.Race.Safeguard);
        json.WriteBoolean("found", result.Without is { Held: false });
        WriteCount(json, "schedules_to_find", result.Without is { Held: false } found ? found.FoundAfter : null);
        json.WriteString("schedule", Finding(result)?.Shortest.Schedule.ToString());
        json.WriteString("law", Finding(result)?.Shortest.Failure?.Law);
        json.WriteBoolean("held", with.Held);
        json.WriteNumber("schedules_explored", with.Schedules);
        json.WriteBoolean("exhaustive", with.IsExhaustive);
        WriteCount(json, "preemption_bound", with.PreemptionBound);
        json.WriteString("verdict", RaceVerdicts.Of(result) switch
        {
            RaceVerdict.Broken => "broken",
            RaceVerdict.NotFound => "not_found",
            RaceVerdict.NotNeeded => "not_needed",
            RaceVerdict.Open => "open",
            _ => "holds",
        });
        json.WriteNumber("seconds", Math.Round(seconds, 3));
        json.WriteEndObject();
    }

    private static Finding? Finding(RaceResult result) => result.Without?.Finding ?? result.With.Finding;

    private static void WriteCount(Utf8JsonWriter json, string name, long? count)
    {
        if (count is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
