using Palimpsest.Lab.Experiments;

namespace Palimpsest.Lab.Reports.Html;

/// <summary>Places and captions of the pictures; web/report draws them.</summary>
internal static class ChartSections
{
    public static void Write(Markup html, ComparisonReport report, Labels labels, DesignResult? best)
    {
        html.Line($"<noscript><p class=\"note\">The pictures need scripts; the tables do not.</p></noscript>");
        WriteTimeLines(html, report, labels, best);
        WriteBlockFill(html);
        WriteMap(html, report);
    }

    private static void WriteTimeLines(Markup html, ComparisonReport report, Labels labels, DesignResult? best)
    {
        html.Line($"<section id=\"timelines\"><h2>Over time</h2>");
        html.Line($"<p class=\"note\">One time axis for all: drag the handles of the bar below the pictures, or hold Shift and turn the wheel. {Figures.Count(Samples(report))} samples a design; figures in the tables are exact.</p>");
        html.Write($"<p class=\"choice\"><label>design of all pictures but the first, and of the map: <select id=\"design\">");
        foreach (DesignResult design in report.Designs)
        {
            html.Raw(ReferenceEquals(design, best) ? "<option selected>" : "<option>");
            html.Write($"{labels.Of(design)}</option>");
        }

        html.Line($"</select></label> <button type=\"button\" id=\"whole\">whole recording</button> <button type=\"button\" id=\"fit\"></button></p>");
        html.Line($"<div id=\"overlay-legend\" class=\"legend\" title=\"click to hide or show, point to bring out\"></div>");
        html.Line($"<div id=\"timeline-chart\" class=\"chart\"></div></section>");
    }

    private static int Samples(ComparisonReport report) => report.Designs.Count == 0 ? 0 : report.Designs[0].TimeLine.Count;

    private static void WriteBlockFill(Markup html)
    {
        html.Line($"<section id=\"fill\"><h2>How full reserved blocks are</h2>");
        html.Line($"<p class=\"note\">Reserved blocks by tagged pages for each page of storage (0 to 32), at the sampled moment with most tagged pages. Tall bars at the left are stragglers: few tagged pages hold a whole block. Vertically: blocks, on one logarithmic scale for all designs.</p>");
        html.Line($"<div id=\"fill-chart\" class=\"chart\"></div></section>");
    }

    private static void WriteMap(Markup html, ComparisonReport report)
    {
        string cell = Figures.Mebibytes(report.Geometry.BytesOf((ulong)report.Geometry.PageBlockFrames));
        html.Line($"<section id=\"map\"><h2>Physical memory at the end</h2>");
        html.Line($"<p class=\"note\"><span id=\"map-caption\"></span> One cell for each pageblock ({cell}), coloured by what most of its pages are; addresses at the left.</p>");
        html.Line($"<div id=\"map-legend\" class=\"legend\"></div><canvas id=\"map-canvas\"></canvas><p id=\"map-cell\" class=\"note\">&#160;</p></section>");
    }
}
