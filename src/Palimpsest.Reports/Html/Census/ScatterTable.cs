using Palimpsest.Lab.Census;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Html.Census;

/// <summary>Pages that lie somewhere, a row each.</summary>
internal static class ScatterTable
{
    public static void Write(Markup html, string names, IEnumerable<(string Name, Scatter Scatter)> rows)
    {
        html.Write($"<div class=\"scroll\"><table class=\"designs\"><thead><tr><th class=\"name\" style=\"min-width:180px\">{names}</th>");
        foreach (Column<Scatter> column in ScatterColumns.All)
        {
            html.Write($"<th style=\"min-width:80px\" title=\"{column.Meaning}\">{column.Heading}</th>");
        }

        html.Line($"</tr></thead><tbody>");
        foreach ((string name, Scatter scatter) in rows)
        {
            html.Write($"<tr><th class=\"name\" scope=\"row\">{name}</th>");
            foreach (Column<Scatter> column in ScatterColumns.All)
            {
                string text = column.IsMeasured(scatter) ? Figures.Ratio(column.Value(scatter), column.Decimals) : Figures.None;
                html.Write($"<td>{text}</td>");
            }

            html.Line($"</tr>");
        }

        html.Line($"</tbody></table></div>");
    }
}
