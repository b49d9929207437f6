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
        html.Line($"<dl class=\"laws\">");
        foreach (Column<LoopSpread> column in Columns)
        {
            html.Line($"<div><dt>{column.Group}: {column.Heading}</dt><dd>{column.Meaning}</dd></div>");
        }

        html.Line($"</dl></section>");
        ProvenanceSection.Write(html, provenance);
        PageShell.EndContent(html);
        PageShell.Close(html);
    }

    private static void WriteTable(Markup html, LoopStudy study)
    {
        html.Write($"<div class=\"scroll\"><table class=\"plain\"><thead><tr><th scope=\"col\">design</th>");
        foreach (Column<LoopSpread> column in Columns)
        {
            html.Write($"<th scope=\"col\">{column.Group}: {column.Heading}</th>");
        }

        html.Line($"</tr></thead><tbody>");
        foreach (LoopSpread design in study.Designs)
        {
            html.Write($"<tr><th scope=\"row\">{design.Design.Label}</th>");
            foreach (Column<LoopSpread> column in Columns)
            {
                html.Write($"<td>{(column.IsMeasured(design) ? Figures.Ratio(column.Value(design), column.Decimals) : Figures.None)}</td>");
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
