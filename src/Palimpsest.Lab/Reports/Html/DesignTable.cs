using System.Globalization;
using Palimpsest.Lab.Experiments;

namespace Palimpsest.Lab.Reports.Html;

/// <summary>Which end of a column is the better one, if any.</summary>
internal enum Better
{
    Neither,
    Lower,
    Higher,
}

/// <summary>A figure of every design.</summary>
/// <param name="Group">Heading that neighbouring columns share.</param>
/// <param name="Meaning">Shown when the pointer rests on the heading.</param>
internal sealed record DesignColumn(
    string Group, string Head, string Meaning, Better Better, Func<DesignResult, double> Value, Func<DesignResult, string> Text)
{
    public static DesignColumn Count(string group, string head, string meaning, Better better, Func<DesignResult, long> count) =>
        new(group, head, meaning, better, design => count(design), design => Figures.Count(count(design)));

    /// <summary>What the best design of the column shows; null where most show the same.</summary>
    public string? BestText(IReadOnlyList<DesignResult> designs)
    {
        List<DesignResult> rivals = [.. designs.Where(design => !BestDesign.IsBound(design) && Text(design) != Figures.None)];
        if (Better == Better.Neither || rivals.Count < 2)
        {
            return null;
        }

        string best = Text(Better == Better.Higher ? rivals.MaxBy(Value)! : rivals.MinBy(Value)!);
        return rivals.Count(design => Text(design) == best) * 2 <= rivals.Count ? best : null;
    }
}

/// <summary>A table with a row for each design, best figures marked, that a click on a heading sorts.</summary>
internal static class DesignTable
{
    public static void Write(Markup html, ComparisonReport report, Labels labels, IReadOnlyList<DesignColumn> columns)
    {
        html.Line($"<div class=\"scroll\"><table class=\"designs sortable\">");
        WriteHead(html, columns);
        DesignResult? chosen = BestDesign.Of(report);
        string?[] best = [.. columns.Select(column => column.BestText(report.Designs))];
        html.Line($"<tbody>");
        for (int row = 0; row < report.Designs.Count; row++)
        {
            DesignResult design = report.Designs[row];
            WriteName(html, design, row, labels.Of(design), ReferenceEquals(design, chosen));
            WriteFigures(html, design, columns, best);
        }

        html.Line($"</tbody></table></div>");
    }

    private static void WriteHead(Markup html, IReadOnlyList<DesignColumn> columns)
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
            html.Write($"<th class=\"{Edge(columns, index)}\"><button type=\"button\" title=\"{columns[index].Meaning}\">{columns[index].Head}</button></th>");
        }

        html.Line($"</tr></thead>");
    }

    private static void WriteName(Markup html, DesignResult design, int row, string label, bool isChosen)
    {
        string kind = BestDesign.IsBound(design) ? "bound" : isChosen ? "chosen" : "";
        html.Write($"<tr class=\"{kind}\"><th class=\"name\" data-sort=\"{row}\" title=\"{design.Choice.Entry.Origin}: {design.Choice.Entry.Essence}\">{label}</th>");
    }

    private static void WriteFigures(Markup html, DesignResult design, IReadOnlyList<DesignColumn> columns, string?[] best)
    {
        for (int index = 0; index < columns.Count; index++)
        {
            string text = columns[index].Text(design);
            string mark = text == best[index] && !BestDesign.IsBound(design) ? " best" : "";
            string sort = columns[index].Value(design).ToString("R", CultureInfo.InvariantCulture);
            html.Write($"<td class=\"{Edge(columns, index)}{mark}\" data-sort=\"{sort}\">{text}</td>");
        }

        html.Line($"</tr>");
    }

    private static string Edge(IReadOnlyList<DesignColumn> columns, int index) =>
        index == 0 || columns[index].Group != columns[index - 1].Group ? "start" : "";
}
