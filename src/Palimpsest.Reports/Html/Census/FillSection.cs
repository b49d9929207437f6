using Palimpsest.Lab.Census;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html.Census;

/// <summary>How many of their 32 pages the blocks hold, and what else lies in them.</summary>
internal static class FillSection
{
    private const int Left = 70;
    private const int BarWidth = 26;
    private const int Top = 24;
    private const int Bottom = 184;

    public static void Write(Markup html, CensusResult census)
    {
        long most = census.All.Fill.Max();
        if (most == 0)
        {
            return;
        }

        html.Line($"<section id=\"fill\"><h2>How full the blocks are</h2>");
        html.Line($"<p class=\"note\">Blocks by how many of their 32 pages would be tagged. Bars at the left are tag pages for a page or "
            + $"two; packed, all but one would be at 32.</p>");
        int width = Left + (BarWidth * TagGeometry.DataFramesPerStorageFrame) + 10;
        html.Line($"<div class=\"scroll\"><svg class=\"bars\" viewBox=\"0 0 {width} 222\" role=\"img\" aria-label=\"Blocks by fill\">");
        WriteLine(html, width, Top, Figures.Count(most));
        WriteLine(html, width, Bottom, "0");
        for (int pages = 1; pages <= TagGeometry.DataFramesPerStorageFrame; pages++)
        {
            double height = (double)(Bottom - Top) * census.All.Fill[pages] / most;
            int x = Left + ((pages - 1) * BarWidth);
            html.Line($"<g><title>{pages} pages: {census.All.Fill[pages]:N0} blocks</title><rect x=\"{x + 3}\" "
                + $"y=\"{Bottom - height:0.#}\" width=\"{BarWidth - 6}\" height=\"{height:0.##}\"/><text x=\"{x + (BarWidth / 2)}\" "
                + $"y=\"{Bottom + 15}\" text-anchor=\"middle\">{pages}</text></g>");
        }

        html.Line($"<text x=\"4\" y=\"12\">blocks</text><text x=\"{width - 10}\" y=\"{Bottom + 32}\" text-anchor=\"end\">pages of 32"
            + $"</text></svg></div>");
        WriteNeighbours(html, census);
        html.Line($"</section>");
    }

    private static void WriteLine(Markup html, int width, int y, string text) =>
        html.Line($"<line class=\"grid\" x1=\"{Left}\" x2=\"{width - 10}\" y1=\"{y}\" y2=\"{y}\"/><text x=\"{Left - 6}\" y=\"{y + 4}\" "
            + $"text-anchor=\"end\">{text}</text>");

    private static void WriteNeighbours(Markup html, CensusResult census)
    {
        long all = census.Neighbours.Sum(kind => kind.Pages);
        html.Line($"<h3>What else lies in these blocks</h3>");
        html.Facts(census.Neighbours.OrderByDescending(kind => kind.Pages)
            .Select(kind => (CensusWords.Kind(kind.Kind), $"{Figures.Count(kind.Pages)} pages, {Figures.Share(kind.Pages, all)}")));
    }
}
