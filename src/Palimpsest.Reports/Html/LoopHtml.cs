using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Answers;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Html;

/// <summary>A closed loop as one page without scripts: no network, no file beside it.</summary>
public static class LoopHtml
{
    private static readonly Column<LoopSpread>[] Columns = [.. SpreadColumns.All.Where(column => column.IsInJson)
        .OrderByDescending(column => column.Id.StartsWith("saved.", StringComparison.Ordinal))];

    /// <summary>A whole page, which needs no other file; the writer stays open.</summary>
    public static void Write(TextWriter writer, LoopStudy study, Provenance? provenance = null)
    {
        Markup html = new(writer);
        LoopResult first = study.First;
        PageShell.Open(html, $"{first.Workload} on {Figures.FileName(first.Board.Name)}", runsScripts: false);
        html.Line($"<header><h1>What lent tag storage saves: {first.Workload} on {Figures.FileName(first.Board.Name)}</h1>");
        IReadOnlyList<string> sentences = LoopAnswer.Of(study).Sentences;
        html.Line($"<p class=\"answer\">{sentences[0]}</p>");
        foreach (string sentence in sentences.Skip(1))
        {
            html.Line($"<p class=\"note\">{sentence}</p>");
        }

        html.Line($"</header><section id=\"designs\"><h2>Designs</h2>");
        html.Line($"<p class=\"note\">Means over {study.Seeds.Count} seeds, of a worst moment the worst. Saved: of the pages that static "
            + $"reclaims with the same seeds.</p>");
        WriteTable(html, study);
        html.Line($"<dl class=\"facts meanings\">");
        foreach (Column<LoopSpread> column in Columns)
        {
            html.Line($"<div><dt>{column.Group}: {column.Heading}</dt><dd>{column.Meaning}</dd></div>");
        }

        html.Line($"</dl></section>");
        ProvenanceSection.Write(html, provenance);
        PageShell.EndContent(html);
        PageShell.Close(html);
    }

    private static string Edge(int index) => index == 0 || Columns[index].Group != Columns[index - 1].Group ? "start" : "";

    private static void WriteTable(Markup html, LoopStudy study)
    {
        html.Write($"<div class=\"scroll\"><table class=\"designs\"><thead><tr class=\"groups\"><th class=\"name\"></th>");
        for (int index = 0; index < Columns.Length;)
        {
            int span = Columns.Skip(index).TakeWhile(column => column.Group == Columns[index].Group).Count();
            html.Write($"<th colspan=\"{span}\" scope=\"colgroup\" class=\"start\">{Columns[index].Group}</th>");
            index += span;
        }

        html.Write($"</tr>\n<tr><th class=\"name\" scope=\"col\">design</th>");
        for (int index = 0; index < Columns.Length; index++)
        {
            html.Write($"<th scope=\"col\" class=\"{Edge(index)}\">{Columns[index].Heading}</th>");
        }

        html.Line($"</tr></thead><tbody>");
        foreach (LoopSpread design in study.Designs)
        {
            string kind = design.Design.IsBound ? "bound" : ReferenceEquals(design, study.Best) ? "chosen" : "";
            html.Write($"<tr class=\"{kind}\"><th scope=\"row\" class=\"name\">{design.Design.Label}</th>");
            for (int index = 0; index < Columns.Length; index++)
            {
                Column<LoopSpread> column = Columns[index];
                html.Write($"<td class=\"{Edge(index)}\">"
                    + $"{(column.IsMeasured(design) ? Figures.Ratio(column.Value(design), column.Decimals) : Figures.None)}</td>");
            }

            html.Line($"</tr>");
        }

        html.Line($"</tbody></table></div>");
        foreach (UnfitDesign design in study.First.Unfit)
        {
            html.Line($"<p class=\"note\">{design.Design.Label} is left out: {design.Reason}.</p>");
        }
    }
}
