using System.Text.Json;
using System.Text.Json.Nodes;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Json;

/// <summary>Writes a closed loop as "palimpsest.run" version 1; rules as for <see cref="ComparisonJson"/>.</summary>
public static class LoopJson
{
    public const string Format = "palimpsest.run";
    public const int Version = 1;

    private const int Decimals = 6;

    public static void Write(Stream stream, LoopResult result, Provenance? provenance = null) => JsonSerializer.Serialize(
        stream,
        new LoopDocument(
            Format, Version, result.Workload, result.Parameters.Steps, (long)result.Parameters.Pages * result.Board.PageBytes,
                result.Parameters.TaggedFrom,
            result.Parameters.TaggedTo, result.Parameters.Seed, (long)result.SwapPages * result.Board.PageBytes,
            new LoopBoardDocument(result.Board.Name, result.Board.RamBytes, result.Board.CarveOutBytes, result.Board.PageBytes),
            [.. result.Designs.Select(DesignOf)], UnfitDocument.Of(result.Unfit), provenance),
        DocumentJson.Default.LoopDocument);

    private static JsonObject DesignOf(LoopDesignResult design)
    {
        JsonObject row = new() { ["name"] = design.Design.Name, ["parameters"] = design.Design.Parameters };
        RowJson.Add(row, LoopColumns.All, design, Decimals);
        return row;
    }
}

internal sealed record LoopDocument(
    string Format, int Version, string Workload, int Steps, long SizeBytes, double TaggedFrom, double TaggedTo, ulong Seed, long SwapBytes,
    LoopBoardDocument Board, IReadOnlyList<JsonObject> Designs, IReadOnlyList<UnfitDocument> LeftOut, Provenance? Provenance);

internal sealed record LoopBoardDocument(string Name, ulong RamBytes, ulong CarveOutBytes, int PageBytes);
