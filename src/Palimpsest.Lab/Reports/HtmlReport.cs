using Palimpsest.Lab.Experiments;
using Palimpsest.Lab.Reports.Html;

namespace Palimpsest.Lab.Reports;

/// <summary>
/// A comparison as one page that needs nothing else: no network, no file beside it, the same bytes for the same report.
/// Tables are plain HTML; only the pictures need scripts.
/// </summary>
public static class HtmlReport
{
    // The page proves that it loads nothing: a browser that obeys this refuses everything but what is written inline.
    private const string ContentPolicy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

    public static void Write(TextWriter writer, ComparisonReport report)
    {
        Markup html = new(writer);
        Labels labels = new(report.Designs);
        DesignResult? best = BestDesign.Of(report);
        WriteHead(html, report);
        AnswerSection.Write(html, report, labels, best);
        HeadlineSection.Write(html, report, labels);
        ChartSections.Write(html, report, labels, best);
        CostSection.Write(html, report, labels);
        LawSection.Write(html, report, labels);
        AssumptionSection.Write(html, report);
        WriteScripts(html, report, labels, best);
    }

    private static void WriteHead(Markup html, ComparisonReport report)
    {
        html.Line($"<!DOCTYPE html>");
        html.Line($"<html lang=\"en\"><head><meta charset=\"utf-8\">");
        html.Line($"<meta http-equiv=\"Content-Security-Policy\" content=\"{ContentPolicy}\">");
        html.Line($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        html.Line($"<meta name=\"color-scheme\" content=\"light dark\">");
        html.Line($"<title>Palimpsest: {Figures.FileName(report.TraceName)} on {Figures.FileName(report.BoardName)}</title>");
        html.Line($"<link rel=\"icon\" href=\"data:,\">");
        html.Raw("<style>\n" + WebAssets.StyleSheet + "</style>\n");
        html.Line($"</head><body><main>");
    }

    private static void WriteScripts(Markup html, ComparisonReport report, Labels labels, DesignResult? best)
    {
        html.Line($"</main>");
        html.Raw("<script type=\"application/json\" id=\"report-data\">");
        html.Raw(ChartData.Json(report, labels, best));
        html.Raw("</script>\n<script>\n" + WebAssets.Script + "</script>\n</body></html>\n");
    }
}
