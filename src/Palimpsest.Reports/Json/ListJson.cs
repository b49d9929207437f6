using System.Text.Json;
using Palimpsest.Reports.Lists;

namespace Palimpsest.Reports.Json;

/// <summary>Writes a listing as "palimpsest.list" version 1.</summary>
public static class ListJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.list";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 1;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, Listing listing, Provenance? provenance = null) => JsonSerializer.Serialize(
        stream, new ListDocument(Format, Version, listing.Kind, listing.Items, provenance), DocumentJson.Default.ListDocument);
}

internal sealed record ListDocument(string Format, int Version, string Kind, IReadOnlyList<Listed> Items, Provenance? Provenance);
