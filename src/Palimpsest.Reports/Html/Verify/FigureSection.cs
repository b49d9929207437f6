using System.Globalization;
using Palimpsest.Lab.Fidelity;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>Totals of the run that nothing corrected, beside the kernel's.</summary>
internal static class FigureSection
{
    public static void Write(Markup html, Agreement free)
    {
        html.Line($"<section id=\"figures\"><h2>Never corrected: totals</h2>");
        if (free.Figures.Count == 0)
        {
            html.Line($"<p class=\"note\">Nothing to compare: the recording has neither refills nor drains, and no snapshot of its end "
                + $"was given.</p></section>");
            return;
        }

        html.Line(
            $"<p class=\"note\">The recording's requests and frees alone, replayed as <code>palimpsest compare</code> replays them.</p>");
        html.Line($"<div class=\"scroll\"><table class=\"designs\"><thead><tr><th "
            + $"class=\"name\">figure</th><th>model</th><th>kernel</th><th>% off</th></tr></thead><tbody>");
        foreach (Figure figure in free.Figures)
        {
            html.Line($"<tr><th class=\"name\" "
                + $"scope=\"row\">{figure.Name}</th><td>{figure.Model:N0}</td><td>{figure.Kernel:N0}</td><td>{Off(figure)}</td></tr>");
        }

        html.Line($"</tbody></table></div></section>");
    }

    public static string Off(Figure figure) =>
        figure.Difference is { } share ? (100 * share).ToString("+#,0.00;-#,0.00;0.00", CultureInfo.InvariantCulture) : Figures.None;
}
