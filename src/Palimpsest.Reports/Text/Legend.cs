namespace Palimpsest.Reports.Text;

/// <summary>What the columns of a table mean.</summary>
internal static class Legend
{
    /// <param name="all">Columns that there are, shown or not.</param>
    public static string Of<TRow>(IReadOnlyList<TableColumn<TRow>> shown, int all)
    {
        string words = string.Join("; ", shown.Select(column => column.Words).Where(text => text.Length > 0));
        string more = shown.Count < all ? " More columns with --wide, in a terminal that has the room." : "";
        return $"{char.ToUpperInvariant(words[0])}{words[1..]}.{more} ";
    }
}
