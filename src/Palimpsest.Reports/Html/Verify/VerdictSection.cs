using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>How well the model agrees with the kernel, in a sentence or two.</summary>
internal static class VerdictSection
{
    private const int ViolationsShown = 3;

    public static void Write(Markup html, VerificationResult result)
    {
        html.Line($"<header><h1>Does the model decide as Linux did? {Figures.FileName(result.Recording.Name)} on "
            + $"{Figures.FileName(result.BoardName)}</h1>");
        if (result.Guided is { } guided)
        {
            WriteDecisions(html, guided);
        }
        else
        {
            html.Line($"<p class=\"answer\">Not possible page by page: the recording has no refills (kmem:mm_page_alloc_zone_locked). "
                + $"Only totals and free lists can be compared.</p>");
        }

        WriteEnd(html, result);
        foreach (LawViolation violation in result.Violations.Take(ViolationsShown))
        {
            html.Line($"<p class=\"alarm\">Law broken by the run that was never corrected: <code>{violation.ToString()}</code></p>");
        }

        html.Line($"</header>");
    }

    private static void WriteDecisions(Markup html, GuidedResult run)
    {
        (Tally Tally, string Noun)[] paths =
        [
            (run.Refill, "refills"),
            (run.PerCpu, "per-CPU allocations"),
            (run.Buddy, "requests to the buddy lists"),
            (run.Drain, "drained pages"),
        ];
        (Tally Tally, string Noun)[] taken = [.. paths.Where(path => path.Tally.Total > 0)];
        if (taken.Length == 0)
        {
            html.Line($"<p class=\"answer\">No decision was tallied.</p>");
            return;
        }

        html.Write($"<p class=\"answer\">In ");
        for (int index = 0; index < taken.Length; index++)
        {
            string separator = index == 0 ? "" : index == taken.Length - 1 ? " and " : ", ";
            html.Write(
                $"{separator}<strong>{Shares.Text(taken[index].Tally)}</strong> of {taken[index].Tally.Total:N0} {taken[index].Noun}");
        }

        html.Write($", the model names the very page that Linux chose. ");
        html.Line($"Deciding also when and how much to refill and to drain, it hands out the same page in "
            + $"<strong>{Shares.Text(run.Own)}</strong> of {run.Own.Total:N0} allocations.</p>");
        html.Line($"<p class=\"note\">Each decision is asked for in the state of the recorded kernel: after each, the model is put into "
            + $"that state, whatever it said.</p>");
    }

    private static void WriteEnd(Markup html, VerificationResult result)
    {
        if (result.FreeEnd.FreeDifference is { } difference)
        {
            html.Line($"<p class=\"answer\">Left to itself from the first event to the last and never corrected, the model's free lists "
                + $"differ from the kernel's by <strong>{Shares.OfMemory(difference)}</strong> of free memory at the end.</p>");
        }
        else
        {
            html.Line($"<p class=\"note\">No copy of /proc/pagetypeinfo was given (--snapshot), so the free lists at the end are not "
                + $"compared.</p>");
        }
    }
}
