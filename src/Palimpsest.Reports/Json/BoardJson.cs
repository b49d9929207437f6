using System.Text.Json;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Json;

/// <summary>Writes a machine as "palimpsest.board" version 1: the "board" of <see cref="ComparisonJson"/>.</summary>
public static class BoardJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.board";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 1;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, BoardFacts board, Provenance? provenance = null) => JsonSerializer.Serialize(
        stream, new TreeDocument(Format, Version, BoardDocument.Of(board), provenance), DocumentJson.Default.TreeDocument);
}

internal sealed record TreeDocument(string Format, int Version, BoardDocument Board, Provenance? Provenance);
