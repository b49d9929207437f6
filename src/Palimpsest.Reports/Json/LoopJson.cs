using System.Text.Json;
using System.Text.Json.Nodes;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Answers;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Json;

/// <summary>
/// Writes a closed loop as "palimpsest.run" version 1; rules as for <see cref="ComparisonJson"/>. Figures of a design are means over
/// the seeds, of a worst moment the worst; "per_seed" has those of each.
/// </summary>
public static class LoopJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.run";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 1;

    private const int Decimals = 6;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, LoopStudy study, Provenance? provenance = null)
    {
        LoopResult first = study.First;
        JsonSerializer.Serialize(
            stream,
            new LoopDocument(
                Format, Version, first.Workload, first.Parameters.Steps, (long)first.Parameters.Pages * first.Board.PageBytes,
                first.Parameters.TaggedFrom, first.Parameters.TaggedTo, first.Parameters.IsFull ? "full" : "run", first.Parameters.Seed,
                (long)first.SwapPages * first.Board.PageBytes,
                new LoopBoardDocument(first.Board.Name, first.Board.RamBytes, first.Board.CarveOutBytes, first.Board.PageBytes),
                study.Seeds.Count, study.Best?.Design.Label, string.Join(' ', LoopAnswer.Of(study).Sentences),
                [.. study.Designs.Select(design => DesignOf(study, design))],
                UnfitDocument.Of(first.Unfit), provenance),
            DocumentJson.Default.LoopDocument);
    }

    private static JsonObject DesignOf(LoopStudy study, LoopSpread design)
    {
        JsonObject row = new() { ["name"] = design.Design.Name, ["parameters"] = design.Design.Parameters };
        RowJson.Add(row, SpreadColumns.All.Where(column => column.Id.StartsWith("saved.", StringComparison.Ordinal)
            ? column.IsMeasured(design) : column.IsInJson), design, Decimals);
        row["told_from_best"] = design.BehindBest is null ? null : design.IsToldFromBest;
        if (study.Seeds.Count > 1)
        {
            row["per_seed"] = new JsonArray([.. study.Seeds.Zip(design.Runs, SeedOf)]);
        }

        return row;
    }

    private static JsonNode SeedOf(LoopResult seed, LoopDesignResult design)
    {
        JsonObject row = new() { ["seed"] = seed.Parameters.Seed };
        RowJson.Add(row, LoopColumns.All, design, Decimals);
        row["saved_percent"] = design.SavedShare is { } share ? Math.Round(100 * share, Decimals) : null;
        return row;
    }
}

internal sealed record LoopDocument(
    string Format, int Version, string Workload, int Steps, long SizeBytes, double TaggedFrom,
    double TaggedTo, string View, ulong Seed, long SwapBytes,
    LoopBoardDocument Board, int Seeds, string? Best, string Answer, IReadOnlyList<JsonObject> Designs,
    IReadOnlyList<UnfitDocument> LeftOut, Provenance? Provenance);

internal sealed record LoopBoardDocument(string Name, ulong RamBytes, ulong CarveOutBytes, int PageBytes);
