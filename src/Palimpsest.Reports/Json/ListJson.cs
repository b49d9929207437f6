using System.Text.Json;
using Palimpsest.Reports.Lists;

namespace Palimpsest.Reports.Json;

/// <summary>Writes a listing as "palimpsest.list" version 1.</summary>
public static class ListJson
{
    public const string Format = "palimpsest.list";
    public const int Version = 1;

    public static void Write(Stream stream, Listing listing, Provenance? provenance = null) => JsonSerializer.Serialize(
        stream, new ListDocument(Format, Version, listing.Kind, listing.Items, provenance), DocumentJson.Default.ListDocument);
}

internal sealed record ListDocument(string Format, int Version, string Kind, IReadOnlyList<Listed> Items, Provenance? Provenance);
