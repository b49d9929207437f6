using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Columns;

/// <summary>The figures of a design in a closed loop, over all seeds: means, of a worst moment the worst, and how sure they are.</summary>
internal static class SpreadColumns
{
    public const string SavedMean = "saved.mean_percent";
    public const string SavedLow = "saved.low_percent";
    public const string SavedHigh = "saved.high_percent";
    public const string BetterIn = "saved.better_in_seeds";

    public static IReadOnlyList<Column<LoopSpread>> All { get; } =
    [
        .. LoopColumns.All.Select(Over),
        Saved(SavedMean, "mean", "mean of what it saved against static with the same seed", row => row.Saved!.Value.Mean),
        Saved(SavedLow, "from", "low end of the 95 % interval of that mean", row => row.Saved!.Value.Low) with
        {
            IsMeasured = row => row is { Saved: not null, Runs.Count: > 1 },
        },
        Saved(SavedHigh, "to", "high end of that interval", row => row.Saved!.Value.High) with
        {
            IsMeasured = row => row is { Saved: not null, Runs.Count: > 1 },
        },
        new(BetterIn, "saved", "better", Unit.Count, "seeds in which it reclaimed less than static", Better.Higher, row => row.BetterIn)
        {
            IsMeasured = row => row.Saved is not null,
        },
    ];

    /// <exception cref="KeyNotFoundException">No column has the id.</exception>
    public static Column<LoopSpread> Named(string id) =>
        All.FirstOrDefault(column => column.Id == id) ?? throw new KeyNotFoundException($"no column of loops is called {id}");

    private static Column<LoopSpread> Over(Column<LoopDesignResult> column)
    {
        Func<LoopSpread, double> value = column.Id switch
        {
            StorageColumns.GivenBackMin => row => row.Runs.Min(column.Value),
            StorageColumns.ReservedMax or StorageColumns.UsedMax => row => row.Runs.Max(column.Value),
            _ => row => row.Runs.Average(column.Value),
        };
        return new(column.Id, column.Group, column.Heading, column.Unit, column.Meaning, column.Better, value)
        {
            Decimals = column.Decimals, JsonName = column.JsonName, IsInJson = column.IsInJson, IsInCsv = column.IsInCsv,
            IsMeasured = row => row.Runs.All(column.IsMeasured),
        };
    }

    private static Column<LoopSpread> Saved(string id, string heading, string meaning, Func<LoopSpread, double> share) =>
        new(id, "saved", heading, Unit.Percent, meaning, Better.Higher, row => 100 * share(row))
        {
            IsMeasured = row => row.Saved is not null,
        };
}
