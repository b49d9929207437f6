using System.Text.Json;
using Palimpsest.Lab.Facts;

namespace Palimpsest.Reports.Json;

/// <summary>What an input tells of the machine; of each kind the first is believed.</summary>
internal sealed record FactDocument(string What, string Value, string Source, string Place)
{
    public static IReadOnlyList<FactDocument> Of(IReadOnlyList<Fact> facts) =>
        [.. facts.Select(fact => new FactDocument(Snake(fact.Kind.ToString()), fact.Text, Snake(fact.Source.ToString()), fact.Place))];

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
