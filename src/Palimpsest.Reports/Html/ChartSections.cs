using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Html;

/// <summary>Places and captions of the pictures; web/report draws them.</summary>
internal static class ChartSections
{
    public static void Write(Markup html, ComparisonResult result, Labels labels, DesignResult? best)
    {
        html.Line($"<noscript><p class=\"note\">The pictures need scripts; the tables do not.</p></noscript>");
        WriteTimeLines(html, result, labels, best);
        WriteBlockFill(html);
        if (result.Designs.Any(design => design.Course is not null))
        {
            WritePlayer(html, Figures.Mebibytes((ulong)result.Board.PageBlockFrames * (ulong)result.Board.PageBytes));
        }
        else
        {
            WriteMap(html, result);
        }
    }

    /// <summary>Memory over time: the place, and how to read it.</summary>
    /// <param name="cell">Size of a pageblock.</param>
    public static void WritePlayer(Markup html, string cell)
    {
        html.Line($"<section id=\"memory\"><h2>Physical memory over time</h2>");
        html.Line($"<p class=\"note\">A cell is a pageblock ({cell}) or several, coloured by what it holds, paler the less of it is "
            + $"in use; addresses at the left. Keys: Space plays, arrows on the slider step, w goes to where least is given back, "
            + $"o to most reserved over the ideal, l to least free, n and p to the failures.</p>");
        html.Line($"<div id=\"player\"></div></section>");
    }

    private static void WriteTimeLines(Markup html, ComparisonResult result, Labels labels, DesignResult? best)
    {
        html.Line($"<section id=\"timelines\"><h2>Over time</h2>");
        html.Line($"<p class=\"note\">One time axis for all: drag the handles of the bar below the pictures, or hold Shift and turn the "
            + $"wheel. {Figures.Count(Samples(result))} samples a design; figures in the tables are exact.</p>");
        html.Write($"<p class=\"choice\"><label>design of all pictures but the first: <select id=\"design\">");
        foreach (DesignResult design in result.Designs)
        {
            html.Raw(ReferenceEquals(design, best) ? "<option selected>" : "<option>");
            html.Write($"{labels.Of(design)}</option>");
        }

        html.Line($"</select></label> <button type=\"button\" id=\"whole\">whole recording</button> <button type=\"button\" "
            + $"id=\"fit\"></button></p>");
        html.Line($"<div id=\"overlay-legend\" class=\"legend\" title=\"click to hide or show, point to bring out\"></div>");
        html.Line($"<div id=\"timeline-chart\" class=\"chart\"></div></section>");
    }

    private static int Samples(ComparisonResult result) => result.Designs.Count == 0 ? 0 : result.Designs[0].TimeLine.Count;

    private static void WriteBlockFill(Markup html)
    {
        html.Line($"<section id=\"fill\"><h2>How full reserved blocks are</h2>");
        html.Line($"<p class=\"note\">Reserved blocks by tagged pages for each page of storage (0 to 32), at the sampled moment with "
            + $"most tagged pages. Tall bars at the left are stragglers: few tagged pages hold a whole block. Vertically: blocks, on one "
            + $"logarithmic scale for all designs.</p>");
        html.Line($"<div id=\"fill-chart\" class=\"chart\"></div></section>");
    }

    private static void WriteMap(Markup html, ComparisonResult result)
    {
        string cell = Figures.Mebibytes((ulong)result.Board.PageBlockFrames * (ulong)result.Board.PageBytes);
        html.Line($"<section id=\"map\"><h2>Physical memory at the end</h2>");
        html.Line($"<p class=\"note\"><span id=\"map-caption\"></span> One cell for each pageblock ({cell}), coloured by what most of "
            + $"its pages are; addresses at the left.</p>");
        html.Line($"<div id=\"map-legend\" class=\"legend\"></div><canvas id=\"map-canvas\"></canvas><p id=\"map-cell\" "
            + $"class=\"note\">&#160;</p></section>");
    }
}
