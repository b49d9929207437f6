using System.Text.Json;
using Palimpsest.Exploration;
using Palimpsest.Races;

namespace Palimpsest.Cli;

/// <summary>Writes explored races as "palimpsest.explore" version 1.</summary>
internal static class ExploreJson
{
    public const string Format = "palimpsest.explore";
    public const int Version = 1;

    public static void Write(Stream stream, IReadOnlyList<(RaceResult Result, double Seconds)> results)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        json.WriteStartArray("scenarios");
        foreach ((RaceResult result, double seconds) in results)
        {
            WriteRace(json, result, seconds);
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
        json.WriteNumber("schedules_to_find", result.Without?.FoundAfter ?? 0);
        json.WriteString("schedule", result.Without?.Finding?.Shortest.Schedule.ToString());
        json.WriteString("law", result.Without?.Finding?.Shortest.Failure?.Law);
        json.WriteBoolean("held", with.Held);
        json.WriteNumber("schedules_explored", with.Schedules);
        json.WriteBoolean("exhaustive", with.IsExhaustive && with.PreemptionBound is null);
        if (with.PreemptionBound is { } bound && with.IsExhaustive)
        {
            json.WriteNumber("preemption_bound", bound);
        }
        else
        {
            json.WriteNull("preemption_bound");
        }

        json.WriteNumber("seconds", Math.Round(seconds, 3));
        json.WriteEndObject();
    }
}
