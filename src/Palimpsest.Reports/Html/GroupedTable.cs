using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Html;

/// <summary>A row a design under columns in groups, and what each column means.</summary>
internal static class GroupedTable
{
    /// <param name="rows">With the class and the label of each.</param>
    public static void Write<TRow>(
        Markup html, IReadOnlyList<Column<TRow>> columns, IEnumerable<(string Kind, string Label, TRow Row)> rows)
    {
        WriteHead(html, columns);
        foreach ((string kind, string label, TRow row) in rows)
        {
            html.Write($"<tr class=\"{kind}\"><th scope=\"row\" class=\"name\">{label}</th>");
            for (int index = 0; index < columns.Count; index++)
            {
                Column<TRow> column = columns[index];
                html.Write($"<td class=\"{Edge(columns, index)}\">"
                    + $"{(column.IsMeasured(row) ? Figures.Ratio(column.Value(row), column.Decimals) : Figures.None)}</td>");
            }

            html.Line($"</tr>");
        }

        html.Line($"</tbody></table></div>");
    }

    public static void WriteMeanings<TRow>(Markup html, IReadOnlyList<Column<TRow>> columns)
    {
        html.Line($"<dl class=\"facts meanings\">");
        foreach (Column<TRow> column in columns)
        {
            html.Line($"<div><dt>{column.Group}: {column.Heading}</dt><dd>{column.Meaning}</dd></div>");
        }

        html.Line($"</dl>");
    }

    private static void WriteHead<TRow>(Markup html, IReadOnlyList<Column<TRow>> columns)
    {
        html.Write($"<div class=\"scroll\"><table class=\"designs\"><thead><tr class=\"groups\"><th class=\"name\"></th>");
        for (int index = 0; index < columns.Count;)
        {
            int span = columns.Skip(index).TakeWhile(column => column.Group == columns[index].Group).Count();
            html.Write($"<th colspan=\"{span}\" scope=\"colgroup\" class=\"start\">{columns[index].Group}</th>");
            index += span;
        }

        html.Write($"</tr>\n<tr><th class=\"name\" scope=\"col\">design</th>");
        for (int index = 0; index < columns.Count; index++)
        {
            html.Write($"<th scope=\"col\" class=\"{Edge(columns, index)}\">{columns[index].Heading}</th>");
        }

        html.Line($"</tr></thead><tbody>");
    }

    private static string Edge<TRow>(IReadOnlyList<Column<TRow>> columns, int index) =>
        index == 0 || columns[index].Group != columns[index - 1].Group ? "start" : "";
}
