using System.Text.Json.Serialization;
using Palimpsest.Lab.Census;
using Palimpsest.Lab.Inspection;

namespace Palimpsest.Lab.Trials;

/// <summary>Descriptions and results of trials as JSON, to be kept or sent: what is read back gives the same again.</summary>
// What has a default can be set, not only initialised: generated readers give the second kind its type's own default where a description
// leaves it out.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ComparisonTrial))]
[JsonSerializable(typeof(ComparisonResult))]
[JsonSerializable(typeof(LoopTrial))]
[JsonSerializable(typeof(LoopResult))]
[JsonSerializable(typeof(LoopStudy))]
[JsonSerializable(typeof(VerificationTrial))]
[JsonSerializable(typeof(VerificationResult))]
[JsonSerializable(typeof(InspectionTrial))]
[JsonSerializable(typeof(InspectionResult))]
[JsonSerializable(typeof(CensusTrial))]
[JsonSerializable(typeof(CensusResult))]
[JsonSerializable(typeof(CensusWatch))]
[JsonSerializable(typeof(CensusCourse))]
public sealed partial class TrialJson : JsonSerializerContext;
