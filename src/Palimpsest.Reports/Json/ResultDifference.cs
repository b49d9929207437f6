using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Json;

/// <summary>A figure, or a word, that two results have different.</summary>
/// <param name="Place">Names from the top on, with dots between; of rows with a name, that name in brackets.</param>
/// <param name="Old">Null where only the second has it.</param>
/// <param name="New">Null where only the first has it.</param>
/// <param name="Share">Of the larger one by which two numbers differ, 0 to 1; null for what are no two numbers.</param>
public sealed record FigureDifference(string Place, string? Old, string? New, double? Share);

/// <summary>What two results in JSON have different, whichever verb wrote them.</summary>
public static class ResultDifference
{
    private const string ProvenanceName = "provenance";
    private static readonly string[] RowNames = ["name", "parameters", "id", "design", "role", "what", "source", "kind", "seed"];

    /// <exception cref="InputException">It is no result of this program.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject root && root["format"]?.GetValueKind() == JsonValueKind.String
                && root["format"]!.GetValue<string>().StartsWith("palimpsest.", StringComparison.Ordinal)
                ? root
                : throw new InputException($"{path}: no result of palimpsest; give what --json wrote");
        }
        catch (JsonException exception)
        {
            throw new InputException($"{path}: line {exception.LineNumber + 1}: no JSON; give what --json wrote", exception);
        }
    }

    /// <summary>All differences, in the order of the first result; what only the second has comes behind its neighbours.</summary>
    /// <param name="withInputs">Hold the inputs against each other too, by their hashes; the build never is.</param>
    public static IReadOnlyList<FigureDifference> Between(JsonObject first, JsonObject second, bool withInputs = true)
    {
        List<FigureDifference> differences = [];
        Compare("", Figures(first), Figures(second), differences);
        if (withInputs)
        {
            Compare("inputs", first[ProvenanceName]?["inputs"], second[ProvenanceName]?["inputs"], differences);
        }

        return differences;
    }

    /// <summary>The result without what made it.</summary>
    private static JsonNode Figures(JsonObject result)
    {
        JsonNode figures = result.DeepClone();
        figures.AsObject().Remove(ProvenanceName);
        return figures;
    }

    private static void Compare(string place, JsonNode? first, JsonNode? second, List<FigureDifference> differences)
    {
        if (first is JsonObject or JsonArray && second is JsonObject or JsonArray)
        {
            Dictionary<string, JsonNode?> old = Children(place, first);
            Dictionary<string, JsonNode?> now = Children(place, second);
            foreach (string child in old.Keys.Union(now.Keys))
            {
                Compare(child, old.GetValueOrDefault(child), now.GetValueOrDefault(child), differences);
            }
        }
        else if (!JsonNode.DeepEquals(first, second))
        {
            differences.Add(new FigureDifference(place, Text(first), Text(second), Share(first, second)));
        }
    }

    private static Dictionary<string, JsonNode?> Children(string place, JsonNode node)
    {
        Dictionary<string, JsonNode?> children = [];
        if (node is JsonObject named)
        {
            foreach ((string name, JsonNode? child) in named)
            {
                children[place.Length == 0 ? name : $"{place}.{name}"] = child;
            }
        }
        else
        {
            foreach ((int index, JsonNode? child) in node.AsArray().Index())
            {
                string name = RowName(child) ?? index.ToString(CultureInfo.InvariantCulture);
                string key = $"{place}[{name}]";
                // Rows of one name are told apart by their order.
                children[children.ContainsKey(key) ? $"{place}[{name} {index}]" : key] = child;
            }
        }

        return children;
    }

    private static string? RowName(JsonNode? row)
    {
        string[] parts = row is JsonObject named
            ? [.. RowNames.Select(name => named[name]).OfType<JsonValue>().Select(value => value.ToString()).Where(text => text.Length > 0)]
            : [];
        return parts.Length == 0 ? null : string.Join(' ', parts.Take(2));
    }

    private static string? Text(JsonNode? node) => node?.ToJsonString();

    private static double? Share(JsonNode? first, JsonNode? second)
    {
        if (first?.GetValueKind() != JsonValueKind.Number || second?.GetValueKind() != JsonValueKind.Number)
        {
            return null;
        }

        (double old, double now) = (first.GetValue<double>(), second.GetValue<double>());
        return Math.Abs(now - old) / Math.Max(Math.Abs(old), Math.Abs(now));
    }
}
