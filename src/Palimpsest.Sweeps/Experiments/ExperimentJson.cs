using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;

namespace Palimpsest.Sweeps.Experiments;

/// <summary>Experiments as JSON: what the file does not know is an error, comments and trailing commas are none.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SweepExperiment))]
internal sealed partial class ExperimentJson : JsonSerializerContext
{
    /// <summary>The schema of an experiment, made from the types that read it.</summary>
    public static string Schema()
    {
        JsonSchemaExporterOptions options = new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Described(context, node),
        };
        JsonObject schema = (JsonObject)Default.Options.GetJsonSchemaAsNode(typeof(SweepExperiment), options);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "A sweep of Palimpsest");
        return schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n" }) + "\n";
    }

    private static JsonNode Described(JsonSchemaExporterContext context, JsonNode node)
    {
        DescriptionAttribute? words = context.PropertyInfo?.AttributeProvider?
            .GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).OfType<DescriptionAttribute>().FirstOrDefault();
        if (words is not null && node is JsonObject described)
        {
            described.Insert(0, "description", words.Description);
        }

        return node;
    }
}
