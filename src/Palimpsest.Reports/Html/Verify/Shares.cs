using System.Globalization;
using Palimpsest.Lab.Fidelity;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>Shares of decisions as per cent, to three decimals; 100 only where nothing differs.</summary>
internal static class Shares
{
    private const decimal MostWithMiss = 99.999m;

    /// <summary>All three decimals, without its sign, for columns.</summary>
    public static string Column(Tally tally) =>
        tally.Total == 0 ? Figures.None : Percent(tally).ToString("N3", CultureInfo.InvariantCulture);

    /// <summary>As few decimals as it needs, with its sign, for sentences.</summary>
    public static string Text(Tally tally) =>
        tally.Total == 0 ? Figures.None : Percent(tally).ToString("0.###", CultureInfo.InvariantCulture) + " %";

    /// <summary>A share of memory, with its sign.</summary>
    public static string OfMemory(double share) => (100 * share).ToString("N2", CultureInfo.InvariantCulture) + " %";

    private static decimal Percent(Tally tally)
    {
        decimal rounded = Math.Round(100m * tally.Predicted / tally.Total, 3);
        return tally.Missed > 0 ? Math.Min(rounded, MostWithMiss) : rounded;
    }
}
