using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Json;

/// <summary>A design that was asked for and cannot run.</summary>
internal sealed record UnfitDocument(string Name, string Parameters, string Reason)
{
    public static IReadOnlyList<UnfitDocument> Of(IReadOnlyList<UnfitDesign> designs) =>
        [.. designs.Select(design => new UnfitDocument(design.Design.Name, design.Design.Parameters, design.Reason))];
}
