using Palimpsest.Lab.Experiments;
using Palimpsest.Lab.Reports.Html;

namespace Palimpsest.Lab.Reports;

/// <summary>
/// A comparison as one page that needs nothing else: no network, no file beside it, the same bytes for the same report.
/// Tables are plain HTML; only the pictures need scripts.
/// </summary>
public static class HtmlReport
{
    public static void Write(TextWriter writer, ComparisonReport report)
    {
        Markup html = new(writer);
        Labels labels = new(report.Designs);
        DesignResult? best = BestDesign.Of(report);
        PageShell.Open(html, $"{Figures.FileName(report.TraceName)} on {Figures.FileName(report.BoardName)}", runsScripts: true);
        AnswerSection.Write(html, report, labels, best);
        HeadlineSection.Write(html, report, labels);
        ChartSections.Write(html, report, labels, best);
        CostSection.Write(html, report, labels);
        LawSection.Write(html, report, labels);
        AssumptionSection.Write(html, report);
        PageShell.EndContent(html);
        WriteScripts(html, report, labels, best);
        PageShell.Close(html);
    }

    private static void WriteScripts(Markup html, ComparisonReport report, Labels labels, DesignResult? best)
    {
        html.Raw("<script type=\"application/json\" id=\"report-data\">");
        html.Raw(ChartData.Json(report, labels, best));
        html.Raw("</script>\n<script>\n" + WebAssets.Script + "</script>\n");
    }
}
