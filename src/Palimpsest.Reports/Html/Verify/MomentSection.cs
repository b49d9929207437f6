using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>The run that was never corrected, beside each snapshot of the kernel.</summary>
internal static class MomentSection
{
    private static readonly string[] Shown = [Agreement.FreePages, Agreement.FreeCmaPages, Agreement.Drains];

    public static void Write(Markup html, VerificationResult result)
    {
        if (result.Moments.Count < 2)
        {
            return;
        }

        html.Line($"<section id=\"moments\"><h2>Never corrected, at each snapshot</h2>");
        html.Line($"<p class=\"note\">Copies of /proc from other moments are placed in the recording by the pages that the kernel had "
            + $"allocated by then (pgalloc of /proc/vmstat), as exactly as the last column says. Of another order or type: as in the "
            + $"tables below. Totals count from the first event.</p>");
        html.Line($"<div class=\"scroll\"><table class=\"designs\"><thead><tr><th "
            + $"class=\"name\">moment</th><th>{Figures.Unit(result.Recording.Clock)}</th><th>of another order or type</th>");
        foreach (string name in Shown)
        {
            html.Write($"<th>{name}: model</th><th>kernel</th><th>% off</th>");
        }

        html.Line($"<th>on per-CPU lists: model, by CPU</th><th>kernel</th><th>placed within, pages</th></tr></thead><tbody>");
        foreach (MomentResult moment in result.Moments)
        {
            WriteRow(html, result, moment);
        }

        html.Line($"</tbody></table></div>");
        // The last is the end, whose lists have a section of their own.
        foreach (MomentResult moment in result.Moments.SkipLast(1))
        {
            FreeListSection.WriteAgreement(html, moment.Name, moment.Agreement);
        }

        html.Line($"</section>");
    }

    private static void WriteRow(Markup html, VerificationResult result, MomentResult moment)
    {
        Agreement agreement = moment.Agreement;
        string within = moment.UncertainPages is { } pages ? Figures.Count(pages) : "from the end alone";
        string differs = agreement.FreeDifference is { } share ? Shares.OfMemory(share) : Figures.None;
        html.Write($"<tr><th class=\"name\" "
            + $"scope=\"row\">{moment.Name}</th><td>{Figures.Time(result.Recording.Clock, Math.Max(0, moment.TimeNs))}</td>"
                + $"<td>{differs}</td>");
        foreach (string shown in Shown)
        {
            if (agreement.FigureOf(shown) is { } figure)
            {
                html.Write($"<td>{figure.Model:N0}</td><td>{figure.Kernel:N0}</td><td>{FigureSection.Off(figure)}</td>");
            }
            else
            {
                html.Write($"<td></td><td></td><td></td>");
            }
        }

        html.Line($"<td>{Counts(agreement.ModelPerCpu)}</td><td>{Counts(agreement.KernelPerCpu)}</td><td>{within}</td></tr>");
    }

    private static string Counts(IReadOnlyList<int> pages) => string.Join(" + ", pages.Select(count => Figures.Count(count)));
}
