using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Html;

/// <summary>
/// A comparison as one page that needs nothing else: no network, no file beside it, the same bytes for the same result.
/// Tables are plain HTML; only the pictures need scripts.
/// </summary>
public static class ComparisonHtml
{
    /// <summary>A whole page with charts and slider, which needs no other file; the writer stays open.</summary>
    public static void Write(TextWriter writer, ComparisonResult result, Provenance? provenance = null) =>
        Write(writer, result, provenance, hasPictures: true);

    /// <summary>The same without pictures and scripts, for a mail: less than 100 KB.</summary>
    public static void WriteSmall(TextWriter writer, ComparisonResult result, Provenance? provenance = null) =>
        Write(writer, result, provenance, hasPictures: false);

    private static void Write(TextWriter writer, ComparisonResult result, Provenance? provenance, bool hasPictures)
    {
        Markup html = new(writer);
        Labels labels = new(result.Designs);
        Ranking ranking = new(result);
        PageShell.Open(html, $"{Figures.FileName(result.Recording.Name)} on {Figures.FileName(result.Board.Name)}", hasPictures);
        AnswerSection.Write(html, result, labels, ranking.Best);
        HeadlineSection.Write(html, result, labels, ranking);
        if (hasPictures)
        {
            ChartSections.Write(html, result, labels, ranking.Best);
        }

        CostSection.Write(html, result, labels, ranking);
        LawSection.Write(html, result, labels, ranking);
        AssumptionSection.Write(html, result);
        ProvenanceSection.Write(html, provenance);
        PageShell.EndContent(html);
        if (hasPictures)
        {
            WriteScripts(html, result, labels, ranking.Best);
        }

        PageShell.Close(html);
    }

    private static void WriteScripts(Markup html, ComparisonResult result, Labels labels, DesignResult? best)
    {
        html.Raw("<script type=\"application/json\" id=\"report-data\">");
        html.Raw(ChartData.Json(result, labels, best));
        html.Raw("</script>\n<script>\n" + WebAssets.Script + "</script>\n");
    }
}
