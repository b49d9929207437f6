using System.Text.Json.Serialization;

namespace Palimpsest.Reports.Json;

/// <summary>The files of version 1: what is not known is null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    IgnoreReadOnlyProperties = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ComparisonDocument))]
[JsonSerializable(typeof(LoopDocument))]
[JsonSerializable(typeof(ExecDocument))]
[JsonSerializable(typeof(InspectDocument))]
[JsonSerializable(typeof(ExploreDocument))]
[JsonSerializable(typeof(CensusDocument))]
[JsonSerializable(typeof(Provenance))]
[JsonSerializable(typeof(ListDocument))]
[JsonSerializable(typeof(TreeDocument))]
[JsonSerializable(typeof(ReplayDocument))]
internal sealed partial class DocumentJson : JsonSerializerContext;

/// <summary>palimpsest.verify: what is not known is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(VerifyDocument))]
internal sealed partial class VerifyDocumentJson : JsonSerializerContext;
