using Palimpsest.Lab.Trials;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Sweeps.Results;

/// <summary>Figures of a cell, whatever it did: those of all reports by the same names, and a few that only sweeps need.</summary>
public static class FigureColumns
{
    /// <summary>The carve-out itself, which shares are of.</summary>
    public const string CarveOut = "carve_out_mib";

    /// <summary>Tagged pages that were asked for.</summary>
    public const string TaggedAllocations = "tagged_allocations";

    /// <summary>Schedules that came to an end.</summary>
    public const string Schedules = "schedules";

    /// <summary>Schedules up to the first failure, it included; 0 when all held.</summary>
    public const string FoundAfter = "found_after";

    private static readonly Dictionary<string, int> Places;

    static FigureColumns()
    {
        Ids = [.. new[] { CarveOut, TaggedAllocations, Schedules, FoundAfter }
            .Concat(DesignColumns.All.Select(column => column.Id)).Concat(LoopColumns.All.Select(column => column.Id)).Distinct()];
        Places = Ids.Index().ToDictionary(column => column.Item, column => column.Index);
    }

    /// <summary>Names of all figures, in the order in which a cell tells them.</summary>
    public static IReadOnlyList<string> Ids { get; }

    internal static double?[] Of(DesignResult result, PreparedComparison prepared)
    {
        double?[] values = Of(DesignColumns.All, result);
        values[Places[CarveOut]] = prepared.CarveOutBytes / (double)(1 << 20);
        values[Places[TaggedAllocations]] = prepared.TaggedAllocations;
        return values;
    }

    internal static double?[] Of(LoopDesignResult result, LoopResult loop)
    {
        double?[] values = Of(LoopColumns.All, result);
        values[Places[CarveOut]] = loop.Board.CarveOutBytes / (double)(1 << 20);
        return values;
    }

    internal static double?[] Of(RaceOutcome outcome)
    {
        double?[] values = new double?[Ids.Count];
        values[Places[Schedules]] = outcome.With.Schedules;
        values[Places[FoundAfter]] = outcome.With.FoundAfter;
        values[Places["law_violations"]] = outcome.With.Held ? 0 : 1;
        return values;
    }

    private static double?[] Of<TRow>(IReadOnlyList<Column<TRow>> columns, TRow row)
    {
        double?[] values = new double?[Ids.Count];
        foreach (Column<TRow> column in columns)
        {
            double value = column.IsMeasured(row) ? column.Value(row) : double.NaN;
            values[Places[column.Id]] = double.IsFinite(value) ? value : null;
        }

        return values;
    }
}
