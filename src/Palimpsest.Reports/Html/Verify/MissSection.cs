using System.Globalization;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Traces;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>Every decision about a page in which the model and the kernel differ, with its cause.</summary>
internal static class MissSection
{
    private const int Shown = 200;

    public static void Write(Markup html, GuidedResult run, TraceClock clock)
    {
        IReadOnlyList<MissedPage> misses = run.Misses;
        html.Line($"<section id=\"misses\"><h2>Misses: {misses.Count:N0}</h2>");
        html.Line($"<p class=\"note\">Refills, heads of per-CPU lists and requests to the buddy lists; drains that differ are counted "
            + $"above only. <code>palimpsest verify --explain N</code> shows the lists before miss N.</p>");
        if (misses.Count > 0)
        {
            WriteTable(html, misses, clock);
        }

        if (misses.Count > Shown)
        {
            html.Line($"<p class=\"note\">{misses.Count - Shown:N0} more are not shown.</p>");
        }

        html.Line($"</section>");
    }

    private static void WriteTable(Markup html, IReadOnlyList<MissedPage> misses, TraceClock clock)
    {
        html.Line($"<div class=\"scroll\"><table "
            + $"class=\"plain\"><thead><tr><th>N</th><th>{(clock == TraceClock.Time ? "time, s" : "time")}</th>"
            + $"<th>event</th><th>path</th><th>order</th><th>type</th><th>model's page</th>"
            + $"<th>kernel's page</th><th>cause</th></tr></thead><tbody>");
        for (int index = 0; index < Math.Min(misses.Count, Shown); index++)
        {
            MissedPage miss = misses[index];
            html.Write($"<tr><td>{index + 1}</td><td>{Time(clock, miss.TimeNs)}</td>"
                + $"<td>{miss.Event + 1:N0}</td><td>{MissExplanation.PathName(miss.Path)}</td>");
            html.Write($"<td>{miss.Order}</td><td>{miss.Type}</td><td>{Page(miss.Model)}</td><td>{Page(miss.Kernel)}</td>");
            html.Line($"<td style=\"white-space:normal;min-width:260px\">{miss.Cause}</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }

    // To the microsecond, as the recording spells it: a miss can be found there.
    private static string Time(TraceClock clock, long time) =>
        clock == TraceClock.Time ? (time / 1e9).ToString("F6", CultureInfo.InvariantCulture) : Figures.Count(time);

    private static string Page(ulong? pfn) => pfn is { } known ? Figures.Hexadecimal(known) : "none";
}
