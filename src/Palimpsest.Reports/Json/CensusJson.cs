using System.Text.Json;
using System.Text.Json.Nodes;
using Palimpsest.Lab.Census;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Json;

/// <summary>Writes a census as "palimpsest.census" version 1; rules as for <see cref="ComparisonJson"/>.</summary>
public static class CensusJson
{
    /// <summary>Value of "format".</summary>
    public const string Format = "palimpsest.census";

    /// <summary>Value of "version"; it rises with what readers would misread.</summary>
    public const int Version = 1;

    private const int Decimals = 6;

    /// <summary>One object, UTF-8, indented; the stream stays open.</summary>
    public static void Write(Stream stream, CensusResult census, Provenance? provenance = null) =>
        Write(stream, census, moments: null, provenance);

    /// <summary>The last census, and the figures of all.</summary>
    public static void Write(Stream stream, CensusCourse course, Provenance? provenance = null) =>
        Write(stream, course.Last, course.Moments, provenance);

    private static void Write(Stream stream, CensusResult census, IReadOnlyList<CensusMoment>? moments, Provenance? provenance) =>
        JsonSerializer.Serialize(
        stream,
        new CensusDocument(
            Format, Version, census.Name, census.PageBytes, census.Frames, census.CarveOutPages, CensusWords.Name(census.Candidates),
            census.Chosen, census.All.Pages, census.All.TagPages, census.All.IdealTagPages, Rounded(census.All.OverIdeal),
            Math.Round(census.GivenBackPercent, Decimals), Math.Round(census.IdealGivenBackPercent, Decimals),
            Rounded(census.All.MeanFill), census.All.Fill, RowOf([], census.Base), RowOf([], census.Huge),
            [.. census.Kinds.Select(kind => RowOf(new() { ["kind"] = NameOf(kind.Kind) }, kind.Scatter))],
            [.. census.Neighbours.Select(kind => new JsonObject { ["kind"] = NameOf(kind.Kind), ["pages"] = kind.Pages })],
            [.. census.Processes.Select(process =>
                RowOf(new() { ["pid"] = process.Pid, ["name"] = process.Name }, process.Scatter))],
            moments is null ? null : [.. moments.Select(MomentOf)], census.Notes, provenance),
        DocumentJson.Default.CensusDocument);

    private static JsonObject MomentOf(CensusMoment moment)
    {
        JsonObject row = RowOf(new() { ["time_s"] = moment.Seconds }, moment.All);
        row["given_back_percent"] = Math.Round(moment.GivenBackPercent, Decimals);
        return row;
    }

    private static JsonObject RowOf(JsonObject row, Scatter scatter)
    {
        foreach (Column<Scatter> column in ScatterColumns.All)
        {
            row[column.JsonName] = column.IsMeasured(scatter) ? Math.Round(column.Value(scatter), Decimals) : null;
        }

        return row;
    }

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, Decimals) : null;

    private static string NameOf(PageKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}

internal sealed record CensusDocument(
    string Format, int Version, string Source, int PageBytes, long Frames, long CarveOutPages, string Candidates,
    IReadOnlyList<string> ChosenProcesses, long CandidatePages, long TagPages, long IdealTagPages, double? Ratio, double GivenBackPercent,
    double IdealGivenBackPercent, double? MeanFill, IReadOnlyList<long> FillHistogram, JsonObject BasePages, JsonObject HugePages,
    IReadOnlyList<JsonObject> Kinds, IReadOnlyList<JsonObject> Neighbours, IReadOnlyList<JsonObject> Processes,
    IReadOnlyList<JsonObject>? Moments, IReadOnlyList<string> Notes, Provenance? Provenance);
