using System.Globalization;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Reports.Html.Verify;

/// <summary>The recording that the model was held against, and how.</summary>
internal static class RecordingSection
{
    public static void Write(Markup html, VerifyReport report)
    {
        html.Line($"<section id=\"input\"><h2>Input</h2><div class=\"box\"><div class=\"halves\">");
        html.Facts(OfRecording(report));
        html.Facts(OfComparison(report));
        html.Line($"</div>");
        EventCounts.Write(html, report.Trace);
        WriteNotes(html, report.Trace);
        html.Line($"</div></section>");
    }

    private static IEnumerable<(string, string)> OfRecording(VerifyReport report) =>
    [
        ("recording", report.TraceName),
        ("format", report.Trace.Format),
        ("duration", Figures.Moment(report.Trace, report.Trace.DurationNs)),
        ("events in the file", Figures.Count(report.Trace.EventCount)),
        ("lost events", Figures.Count(report.Trace.LostEvents)),
        ("CPUs", Figures.Count(report.Trace.Cpus)),
    ];

    private static IEnumerable<(string, string)> OfComparison(VerifyReport report) =>
    [
        ("board", report.BoardName),
        ("rules", "Linux 6.1, mm/page_alloc.c and mm/page_isolation.c"),
        ("page by page", report.Guided is null ? "no: refills were not recorded" : "yes"),
        ("tallied", Tallied(report)),
        ("free lists at the end", report.Free.End.KernelChunks is null ? "not given" : "from /proc/pagetypeinfo"),
        ("laws after the run", report.Free.Violations.Count == 0 ? "none broken" : Figures.Count(report.Free.Violations.Count) + " broken"),
    ];

    private static string Tallied(VerifyReport report) => report switch
    {
        { Guided: null } => Figures.None,
        { OnlyTallied: { } only } => only + " All are followed.",
        { TallyFromSeconds: 0 } => "from the first event on",
        _ => string.Create(CultureInfo.InvariantCulture, $"from second {report.TallyFromSeconds:0.###} on; followed from the first event on"),
    };

    private static void WriteNotes(Markup html, Trace trace)
    {
        if (trace.Notes.Count == 0)
        {
            return;
        }

        html.Line($"<h3>Assumed while reading</h3><ol>");
        foreach (string note in trace.Notes)
        {
            html.Line($"<li>{note}</li>");
        }

        html.Line($"</ol>");
    }
}
