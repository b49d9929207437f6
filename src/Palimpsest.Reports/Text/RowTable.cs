using System.Globalization;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Text;

/// <summary>A column of a table on a terminal.</summary>
/// <param name="Upper">First line of its heading; the second is the column's own.</param>
/// <param name="Width">In letters, right-aligned; more where a figure needs it.</param>
/// <param name="Scale">What its values are divided by.</param>
internal sealed record TableColumn<TRow>(Column<TRow> Column, string Upper, int Width, string? Lower = null, double Scale = 1,
    int? Decimals = null)
{
    public string Heading => Lower ?? Column.Heading;

    /// <summary>What the legend says of it; empty for what needs no words, or has those of its neighbour.</summary>
    public string Words { get; init; } = "";

    /// <summary>Shown in the table that has few columns.</summary>
    public bool IsUsual { get; init; }

    /// <summary>The figure as people read it; a dash where there is nothing to measure.</summary>
    public string Text(TRow row) => Column.IsMeasured(row) ? Text(Column.Value(row) / Scale) : "-";

    private string Text(double value) => Column.Unit switch
    {
        Unit.Nanoseconds => Number(value / 1000, 1),
        Unit.Mebibytes => Number(value, value < 1000 ? 2 : 0),
        _ => Number(value, Decimals ?? Column.Decimals),
    };

    private static string Number(double value, int decimals) => value.ToString("N" + decimals, CultureInfo.InvariantCulture);
}

/// <summary>
/// A table on a terminal: one or two lines of headings, then a name and figures a row. Columns are as wide as their figures; the last
/// of those that do not fit are left out, the first two never.
/// </summary>
/// <param name="names">Heading of the names.</param>
/// <param name="nameWidth">Of the names, in letters; more where a name needs it.</param>
internal sealed class RowTable<TRow>(Terminal terminal, IReadOnlyList<TableColumn<TRow>> columns, string names = "design",
    int nameWidth = 18)
{
    private const int LeastColumns = 2;

    private readonly List<(string Name, string Parameters, (string Text, bool IsBest)[] Cells)> _rows = [];

    /// <param name="name">What is behind a colon comes on a line of its own.</param>
    /// <param name="cell">Text of a column's cell, and whether it stands out.</param>
    public void Add(string name, Func<TableColumn<TRow>, (string Text, bool IsBest)> cell)
    {
        string[] parts = name.Split(':', 2);
        _rows.Add((parts[0], parts.Length == 2 ? parts[1] : "", [.. columns.Select(cell)]));
    }

    /// <summary>A row whose name is one, whatever is in it.</summary>
    public void AddPlain(string name, Func<TableColumn<TRow>, (string Text, bool IsBest)> cell) =>
        _rows.Add((name, "", [.. columns.Select(cell)]));

    /// <returns>The columns that were shown, in order.</returns>
    public IReadOnlyList<TableColumn<TRow>> Write()
    {
        int margin = Math.Max(nameWidth, _rows.Select(row => row.Name.Length).DefaultIfEmpty(0).Max());
        int[] widths = [.. columns.Select((column, index) => Math.Max(column.Width,
            1 + _rows.Select(row => row.Cells[index].Text.Length).Append(column.Heading.Length).Append(column.Upper.Length).Max()))];
        int shown = columns.Count;
        while (shown > LeastColumns && margin + widths.Take(shown).Sum() > terminal.Width)
        {
            shown--;
        }

        if (columns.Take(shown).Any(column => column.Upper.Length > 0))
        {
            terminal.Line((new string(' ', margin) + string.Concat(columns.Take(shown).Zip(widths, (column, width) =>
                column.Upper.PadLeft(width)))).TrimEnd());
        }

        terminal.Line(names.PadRight(margin) + string.Concat(columns.Take(shown).Zip(widths, (column, width) =>
            column.Heading.PadLeft(width))));
        foreach ((string name, string parameters, (string Text, bool IsBest)[] cells) in _rows)
        {
            terminal.Line(name.PadRight(margin) + string.Concat(cells.Take(shown).Zip(widths, Padded)));
            if (parameters.Length > 0)
            {
                terminal.Line("  " + parameters);
            }
        }

        return [.. columns.Take(shown)];
    }

    private string Padded((string Text, bool IsBest) cell, int width) =>
        new string(' ', width - cell.Text.Length) + (cell.IsBest ? terminal.Bold(cell.Text) : cell.Text);
}
