using System.Globalization;
using Palimpsest.Lab.Metrics;
using Palimpsest.Reports.Html;

namespace Palimpsest.Summaries;

/// <summary>A summary as tables for pages: that of a sweep, and the one that follows it.</summary>
public static class SummaryTables
{
    private const string None = "-";

    private static readonly string[] DesignColumns =
        ["design", "best", "as good", "of", "regret %", "given %", "at the worst %", "net %", "95 % over seeds", "cost s", "front"];

    private static readonly string[] RunColumns = ["design", "saved %", "95 % over seeds", "better", "of", "given %"];
    private static readonly string[] SearchColumns = ["design", "cells", "schedules", "found"];

    /// <summary>Those of comparisons, runs and searches; without rows where nothing is done yet.</summary>
    public static IReadOnlyList<StandingTable> Of(SweepSummary summary) =>
    [
        new("Designs", DesignColumns, [.. summary.Designs.Select(design => new[]
        {
            design.Label, design.IsBound ? None : Count(design.BestIn), design.IsBound ? None : Count(design.AsGoodIn), Count(design.Cells),
            design.IsBound ? None : Number(design.WorstRegret), Number(design.Given), Number(design.Least), Number(design.Net),
            Interval(design.OverSeeds), design.Cost.ToString("0.####", CultureInfo.InvariantCulture), design.IsOnFront ? "yes" : "",
        })]),
        new("On the running system", RunColumns, [.. summary.Runs.Select(run => new[]
        {
            run.Label, Number(run.Saved?.Mean), Interval(run.Saved), Count(run.BetterIn), Count(run.Cells), Number(run.Given),
        })]),
        new("Random programs", SearchColumns, [.. summary.Searches.Select(search => new[]
        {
            search.Label, Count(search.Cells), Count((long)search.Schedules), Count((long)search.Found),
        })]),
    ];

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double? value) => value is { } number ? number.ToString("N2", CultureInfo.InvariantCulture) : None;

    private static string Interval(Estimate? estimate) => estimate is { } known && double.IsFinite(known.Low)
        ? $"{Number(known.Low)} to {Number(known.High)}" : None;
}
