using System.Globalization;
using Palimpsest.Reports.Json;

namespace Palimpsest.Reports.Text;

/// <summary>What two results have different, a line each.</summary>
public static class DifferenceTable
{
    private const int Shown = 40;
    private const int WidestPlace = 56;
    private const int LongestValue = 60;

    /// <summary>A row a figure, old beside new, as wide as the terminal.</summary>
    public static void Write(Terminal terminal, IReadOnlyList<FigureDifference> differences)
    {
        if (differences.Count == 0)
        {
            terminal.Line("same");
            return;
        }

        int width = Math.Min(WidestPlace, differences.Take(Shown).Max(difference => difference.Place.Length));
        terminal.Line($"{"figure".PadRight(width)}  {"old",14}  {"new",14}  {"by",8}");
        foreach (FigureDifference difference in differences.Take(Shown))
        {
            string by = difference.Share is { } share ? (100 * share).ToString("N2", CultureInfo.InvariantCulture) + " %" : "";
            terminal.Line($"{difference.Place.PadRight(width)}  {Value(difference.Old),14}  {Value(difference.New),14}  {by,8}".TrimEnd());
        }

        if (differences.Count > Shown)
        {
            terminal.Line($"and {differences.Count - Shown:N0} more");
        }
    }

    private static string Value(string? value) =>
        value is null ? "-" : value.Length <= LongestValue ? value : value[..LongestValue] + "...";
}
