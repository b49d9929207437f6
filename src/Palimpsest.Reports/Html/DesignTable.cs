using System.Globalization;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Traces;

namespace Palimpsest.Reports.Html;

/// <summary>A table with a row for each design, best figures marked, that a click on a heading sorts.</summary>
internal static class DesignTable
{
    public static void Write(Markup html, ComparisonResult result, Labels labels, Ranking ranking,
        IReadOnlyList<Column<DesignResult>> columns)
    {
        html.Line($"<div class=\"scroll\"><table class=\"designs sortable\">");
        WriteHead(html, columns, result.Recording.Clock);
        html.Line($"<tbody>");
        for (int row = 0; row < result.Designs.Count; row++)
        {
            DesignResult design = result.Designs[row];
            WriteName(html, design, row, labels.Of(design), ReferenceEquals(design, ranking.Best));
            for (int index = 0; index < columns.Count; index++)
            {
                string mark = ranking.IsBest(columns[index], design) ? " best" : "";
                string sort = columns[index].Value(design).ToString("R", CultureInfo.InvariantCulture);
                html.Write($"<td class=\"{Edge(columns, index)}{mark}\" "
                    + $"data-sort=\"{sort}\">{Text(columns[index], design, result.Recording.Clock)}</td>");
            }

            html.Line($"</tr>");
        }

        html.Line($"</tbody></table></div>");
    }

    /// <summary>The figure as people read it on the page.</summary>
    private static string Text(Column<DesignResult> column, DesignResult design, TraceClock clock)
    {
        double value = column.Value(design);
        return !column.IsMeasured(design) ? Figures.None : column.Unit switch
        {
            Unit.Moment => Figures.Time(clock, (long)Math.Round(value * 1e9)),
            Unit.Seconds => Figures.Milliseconds(value * 1e9),
            Unit.Nanoseconds => Figures.Microseconds(value),
            _ => Figures.Ratio(value, column.Decimals),
        };
    }

    private static void WriteHead(Markup html, IReadOnlyList<Column<DesignResult>> columns, TraceClock clock)
    {
        html.Write($"<thead><tr class=\"groups\"><th class=\"name\"></th>");
        for (int index = 0; index < columns.Count;)
        {
            int span = columns.Skip(index).TakeWhile(column => column.Group == columns[index].Group).Count();
            html.Write($"<th colspan=\"{span}\" class=\"start\">{columns[index].Group}</th>");
            index += span;
        }

        html.Write($"</tr>\n<tr><th class=\"name\"><button type=\"button\" title=\"order of the catalog\">design</button></th>");
        for (int index = 0; index < columns.Count; index++)
        {
            Column<DesignResult> column = columns[index];
            string heading = column.Unit == Unit.Moment ? $"{column.Heading}, {Figures.Unit(clock)}" : column.Heading;
            html.Write($"<th class=\"{Edge(columns, index)}\"><button type=\"button\" title=\"{column.Meaning}\">{heading}</button></th>");
        }

        html.Line($"</tr></thead>");
    }

    private static void WriteName(Markup html, DesignResult design, int row, string label, bool isChosen)
    {
        string kind = design.Design.IsBound ? "bound" : isChosen ? "chosen" : "";
        html.Write($"<tr class=\"{kind}\"><th class=\"name\" data-sort=\"{row}\" title=\"{design.Design.Origin}: "
            + $"{design.Design.Essence}\">{label}</th>");
    }

    private static string Edge(IReadOnlyList<Column<DesignResult>> columns, int index) =>
        index == 0 || columns[index].Group != columns[index - 1].Group ? "start" : "";
}
