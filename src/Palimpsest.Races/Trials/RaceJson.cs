using System.Text.Json.Serialization;

namespace Palimpsest.Races.Trials;

/// <summary>Descriptions and results of searches as JSON, to be kept or sent: what is read back gives the same again.</summary>
// What has a default can be set, not only initialised: generated readers give the second kind its type's own default where a description
// leaves it out.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(RaceTrial))]
[JsonSerializable(typeof(BeyondTrial))]
[JsonSerializable(typeof(ScheduleTrial))]
[JsonSerializable(typeof(RaceOutcome))]
[JsonSerializable(typeof(ToldRun))]
public sealed partial class RaceJson : JsonSerializerContext;
