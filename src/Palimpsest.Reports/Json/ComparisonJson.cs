using System.Text.Json;
using System.Text.Json.Nodes;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Answers;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Json;

/// <summary>
/// Writes a comparison as "palimpsest.compare" version 1. Names are stable; new ones may be added, none is changed
/// without a new version. Sizes in MiB or bytes and times in nanoseconds or seconds, as the names say.
/// </summary>
public static class ComparisonJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.compare";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 1;

    private const int Decimals = 4;
    private const int ViolationsShown = 3;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, ComparisonResult result, Provenance? provenance = null) => JsonSerializer.Serialize(
        stream,
        new ComparisonDocument(
            Format, Version, InputDocument.Of(result), BoardDocument.Of(result.Board), result.Workload.TagSource, result.PinnedShare,
                result.Assumptions,
            [.. result.Designs.Select(DesignOf)], FactDocument.Of(result.Facts), PressureDocument.Of(result.Pressure),
            RulesDocument.Of(result.Rules), result.Full is null ? "replay" : "full", UnfitDocument.Of(result.Unfit),
            PlacementDocument.Of(result), AnswerDocument.Of(ComparisonAnswer.Of(result)), provenance),
        DocumentJson.Default.ComparisonDocument);

    private static JsonObject DesignOf(DesignResult design)
    {
        JsonObject row = new() { ["name"] = design.Design.Name, ["parameters"] = design.Design.Parameters };
        RowJson.Add(row, DesignColumns.All, design, Decimals);
        row["first_violations"] = new JsonArray([.. design.Violations.Take(ViolationsShown)
            .Select(violation => JsonValue.Create(violation.ToString()))]);
        return row;
    }
}

internal sealed record ComparisonDocument(
    string Format, int Version, InputDocument Input, BoardDocument Board, string TagSource, double PinnedShare,
        IReadOnlyList<string> Assumptions,
    IReadOnlyList<JsonObject> Designs, IReadOnlyList<FactDocument> Facts, PressureDocument? Pressure, RulesDocument Rules,
    string View, IReadOnlyList<UnfitDocument> LeftOut, PlacementDocument? RecordedPlacement, AnswerDocument Answer, Provenance? Provenance);

/// <param name="Best">Design to take; null where only bounds were run.</param>
/// <param name="WithinMargin">Designs that are as good.</param>
internal sealed record AnswerDocument(string? Best, IReadOnlyList<string> WithinMargin, string Sentence)
{
    public static AnswerDocument Of(ComparisonAnswer answer) => new(
        answer.Ranking.Best?.Design.Label, [.. answer.Ranking.Within.Select(design => design.Design.Label)],
        string.Join(' ', answer.Sentences));
}

/// <summary>What the tagged pages would need where the recorded kernel had them.</summary>
internal sealed record PlacementDocument(double ReservedMeanMib, double ReservedMaxMib, double ReservedOverIdeal)
{
    private const int Decimals = 4;

    public static PlacementDocument? Of(ComparisonResult result) => result.Placement is not { } placement ? null : new(
        Math.Round(StorageColumns.Mebibytes(placement.ReservedMean, result.Board.PageBytes), Decimals),
        Math.Round(StorageColumns.Mebibytes(placement.ReservedMax, result.Board.PageBytes), Decimals),
        Math.Round(placement.OverIdeal, Decimals));
}

/// <summary>Counts of the kernel between the first and the last snapshot, and free pages at each.</summary>
internal sealed record PressureDocument(long AllocationStalls, long KswapdRuns, long PagesSwappedOut, IReadOnlyList<FreeDocument> Free)
{
    public static PressureDocument? Of(Pressure? pressure) => pressure is null ? null : new(
        pressure.Stalls, pressure.KswapdRuns, pressure.SwapOuts,
        [.. pressure.Moments.Select(at => new FreeDocument(at.Snapshot, at.TimeNs / 1e9, at.Kernel, at.Model))]);
}

internal sealed record FreeDocument(string Snapshot, double TimeS, long KernelPages, long? ModelPages);

internal sealed record BoardDocument(string Name, string Model, ulong RamBytes, ulong CarveOutBytes, int PageBytes,
    IReadOnlyList<RegionDocument> Regions)
{
    public static BoardDocument Of(BoardFacts board) => new(
        board.Name, board.Model, board.RamBytes, board.CarveOutBytes, board.PageBytes,
        [.. board.Regions.Select(region => new RegionDocument(
            region.Base, region.Bytes, (ulong)region.BlockFrames * (ulong)board.PageBytes, region.CoversBase, region.CoversBytes,
                region.IsAssumed))]);
}

internal sealed record RegionDocument(ulong Base, ulong Bytes, ulong BlockBytes, ulong CoversBase, ulong CoversBytes, bool Assumed);
