using System.Globalization;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Text;

/// <summary>A column of a table on a terminal.</summary>
/// <param name="Upper">First line of its heading; the second is the column's own.</param>
/// <param name="Width">In letters, right-aligned.</param>
/// <param name="Scale">What its values are divided by.</param>
internal sealed record TableColumn<TRow>(Column<TRow> Column, string Upper, int Width, string? Lower = null, double Scale = 1,
    int? Decimals = null)
{
    public string Heading => Lower ?? Column.Heading;

    /// <summary>The figure as people read it.</summary>
    public string Text(TRow row)
    {
        double value = Column.Value(row) / Scale;
        return Column.Unit switch
        {
            Unit.Nanoseconds => Number(value / 1000, 1),
            Unit.Mebibytes => Number(value, value < 1000 ? 2 : 0),
            _ => Number(value, Decimals ?? Column.Decimals),
        };
    }

    private static string Number(double value, int decimals) => value.ToString("N" + decimals, CultureInfo.InvariantCulture);
}

/// <summary>A table on a terminal: two lines of headings, then a name and figures a row.</summary>
/// <param name="names">Heading of the names.</param>
/// <param name="nameWidth">Of the names, in letters; longer ones take room from the first figure.</param>
internal sealed class RowTable<TRow>(Terminal terminal, IReadOnlyList<TableColumn<TRow>> columns, string names = "design",
    int nameWidth = 18)
{
    public void WriteHeadings()
    {
        terminal.Line((new string(' ', nameWidth) + string.Concat(columns.Select(column => column.Upper.PadLeft(column.Width)))).TrimEnd());
        WriteHeading();
    }

    /// <summary>The second line alone.</summary>
    public void WriteHeading() =>
        terminal.Line(names.PadRight(nameWidth) + string.Concat(columns.Select(column => column.Heading.PadLeft(column.Width))));

    /// <param name="name">What is behind a colon comes on a line of its own.</param>
    /// <param name="cell">Text of a column's cell, and whether it stands out.</param>
    public void WriteRow(string name, Func<TableColumn<TRow>, (string Text, bool IsBest)> cell)
    {
        string[] parts = name.Split(':', 2);
        WritePlain(parts[0], cell);
        if (parts.Length == 2)
        {
            terminal.Line("  " + parts[1]);
        }
    }

    /// <summary>A row whose name is one, whatever is in it.</summary>
    public void WritePlain(string name, Func<TableColumn<TRow>, (string Text, bool IsBest)> cell)
    {
        string line = name.PadRight(nameWidth);
        foreach (TableColumn<TRow> column in columns)
        {
            (string text, bool isBest) = cell(column);
            string margin = new(' ', Math.Max(0, column.Width - text.Length));
            line += isBest ? margin + terminal.Bold(text) : margin + text;
        }

        terminal.Line(line);
    }
}
