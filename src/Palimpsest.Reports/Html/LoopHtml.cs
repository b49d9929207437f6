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
        GroupedTable.WriteMeanings(html, Columns);
        html.Line($"</section>");
        ProvenanceSection.Write(html, provenance);
        PageShell.EndContent(html);
        PageShell.Close(html);
    }

    private static void WriteTable(Markup html, LoopStudy study)
    {
        GroupedTable.Write(html, Columns, study.Designs.Select(design =>
            (design.Design.IsBound ? "bound" : ReferenceEquals(design, study.Best) ? "chosen" : "", design.Design.Label, design)));
        foreach (UnfitDesign design in study.First.Unfit)
        {
            html.Line($"<p class=\"note\">{design.Design.Label} is left out: {design.Reason}.</p>");
        }
    }
}
