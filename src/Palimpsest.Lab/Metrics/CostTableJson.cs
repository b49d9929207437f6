using System.Text.Json.Serialization;

namespace Palimpsest.Lab.Metrics;

/// <summary>The file of <c>--costs</c>; an unknown name is an error, a missing one keeps its default.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = System.Text.Json.JsonCommentHandling.Skip,
    AllowTrailingCommas = true)]
[JsonSerializable(typeof(CostTable))]
internal sealed partial class CostTableJson : JsonSerializerContext;
