using Palimpsest.Lab.Census;

namespace Palimpsest.Reports.Html.Census;

/// <summary>Tag pages and how many would do, over time.</summary>
internal static class CourseSection
{
    private const double Left = 80;
    private const double Right = 975;
    private const double Top = 24;
    private const double Bottom = 204;
    private const int Lines = 4;

    public static void Write(Markup html, IReadOnlyList<CensusMoment> moments)
    {
        double end = Math.Max(moments[^1].Seconds, 1e-3);
        long most = Math.Max(1, moments.Max(moment => moment.All.TagPages));
        html.Line($"<section id=\"course\"><h2>Over time</h2>");
        html.Line($"<p class=\"legend\"><span><i class=\"line\" style=\"border-color:var(--line-1)\"></i>tag pages where the pages lie"
            + $"</span><span><i class=\"line\" style=\"border-color:var(--line-0)\"></i>ideal</span></p>");
        html.Line($"<div class=\"scroll\"><svg class=\"bars\" viewBox=\"0 0 1000 250\" role=\"img\" aria-label=\"Tag pages over time\">");
        for (int line = 0; line <= Lines; line++)
        {
            double y = Bottom - ((Bottom - Top) * line / Lines);
            html.Line($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/><text x=\"{Left - 6}\" "
                + $"y=\"{y + 4:0.#}\" text-anchor=\"end\">{most * line / Lines:N0}</text><text "
                + $"x=\"{Left + ((Right - Left) * line / Lines):0.#}\" y=\"{Bottom + 18}\" text-anchor=\"middle\">{end * line / Lines:N1}"
                + $"</text>");
        }

        WriteLine(html, "var(--line-1)", moments.Select(moment => (moment.Seconds / end, (double)moment.All.TagPages / most)));
        WriteLine(html, "var(--line-0)", moments.Select(moment => (moment.Seconds / end, (double)moment.All.IdealTagPages / most)));
        html.Line($"<text x=\"{Right}\" y=\"{Bottom + 36}\" text-anchor=\"end\">s from the first census</text></svg></div>");
        html.Line($"<p class=\"note\">{moments.Count:N0} censuses; everything else on this page is the last one.</p></section>");
    }

    private static void WriteLine(Markup html, string colour, IEnumerable<(double Time, double Share)> points)
    {
        html.Write($"<polyline fill=\"none\" stroke-width=\"2\" style=\"stroke:{colour}\" points=\"");
        foreach ((double time, double share) in points)
        {
            html.Write($"{Left + ((Right - Left) * time):0.#},{Bottom - ((Bottom - Top) * share):0.#} ");
        }

        html.Line($"\"/>");
    }
}
