using System.Globalization;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>The recording that the model was held against, and how.</summary>
internal static class RecordingSection
{
    public static void Write(Markup html, VerificationResult result)
    {
        html.Line($"<section id=\"input\"><h2>Input</h2><div class=\"box\"><div class=\"halves\">");
        html.Facts(OfRecording(result));
        html.Facts(OfComparison(result));
        html.Line($"</div>");
        EventCounts.Write(html, result.Recording);
        WriteNotes(html, result.Notes);
        html.Line($"</div></section>");
    }

    private static IEnumerable<(string, string)> OfRecording(VerificationResult result) =>
    [
        ("recording", result.Recording.Name),
        ("format", result.Recording.Format),
        ("duration", Figures.Moment(result.Recording.Clock, result.Recording.DurationNs)),
        ("events in the file", Figures.Count(result.Recording.Events)),
        ("lost events", Figures.Count(result.Recording.LostEvents)),
        ("CPUs", Figures.Count(result.Recording.Cpus)),
    ];

    private static IEnumerable<(string, string)> OfComparison(VerificationResult result) =>
    [
        ("board", result.BoardName),
        ("rules", Rules(result.Rules)),
        ("page by page", result.Guided is null ? "no: refills were not recorded" : "yes"),
        ("tallied", Tallied(result)),
        ("free lists at the end", result.FreeEnd.KernelChunks is null ? "not given" : "from /proc/pagetypeinfo"),
        ("laws after the run", result.Violations.Count == 0 ? "none broken" : Figures.Count(result.Violations.Count) + " broken"),
    ];

    private static string Rules(RulesUsed used) => used switch
    {
        { IsVerified: true } => $"Linux {used.Rules}, mm/page_alloc.c and mm/page_isolation.c",
        { Kernel: { } kernel } => $"Linux {used.Rules}, the nearest to {kernel}: unverified",
        _ => $"Linux {used.Rules}, since nothing tells the kernel's release: unverified",
    };

    private static string Tallied(VerificationResult result) => result switch
    {
        { Guided: null } => Figures.None,
        { OnlyTallied: { } only } => only + " All are followed.",
        { TallyFromSeconds: 0 } => "from the first event on",
        _ => string.Create(CultureInfo.InvariantCulture,
            $"from second {result.TallyFromSeconds:0.###} on; followed from the first event on"),
    };

    private static void WriteNotes(Markup html, IReadOnlyList<string> notes)
    {
        if (notes.Count == 0)
        {
            return;
        }

        html.Line($"<h3>Assumed while reading</h3><ol>");
        foreach (string note in notes)
        {
            html.Line($"<li>{note}</li>");
        }

        html.Line($"</ol>");
    }
}
