using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>Decisions about tag storage of a kernel that runs RFC v3, and its use over time beside that of the model.</summary>
internal static class StorageSection
{
    private const int Shown = 100;

    public static void Write(Markup html, VerificationResult result)
    {
        if (result is not { Storage: { } course })
        {
            return;
        }

        html.Line($"<section id=\"tag-storage\"><h2>Tag storage</h2>");
        html.Line($"<p class=\"note\">The recorded kernel lends its tag storage, as <code>{result.StorageDesign ?? ""}</code> does.</p>");
        if (result.Guided?.Storage is { } storage)
        {
            TallyTable.Open(html, "guided: what the model is asked");
            foreach ((StorageQuestion question, Tally tally) in storage.Questions)
            {
                TallyTable.Row(html, StorageExplanation.QuestionName(question), tally);
            }

            TallyTable.Close(html);
            WriteMisses(html, storage, result.Guided.Misses.Count);
        }

        WriteFigures(html, course);
        WriteCourse(html, course);
        html.Line($"</section>");
    }

    private static void WriteFigures(Markup html, StorageCourse course)
    {
        html.Line($"<h3>Never corrected</h3><div class=\"scroll\"><table class=\"plain\"><thead><tr><th>pages</th><th>model</th>"
            + $"<th>kernel</th><th>% off</th></tr></thead><tbody>");
        foreach (Figure figure in course.Figures)
        {
            html.Write($"<tr><td>{figure.Name}</td><td>{figure.Model:N1}</td><td>{figure.Kernel:N1}</td><td>");
            if (figure.Difference is { } share)
            {
                html.Write($"{100 * share:N2}");
            }

            html.Line($"</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }

    private static void WriteMisses(Markup html, StorageResult storage, int others)
    {
        html.Line($"<h3>Misses of tag storage: {storage.Misses.Count:N0}</h3>");
        if (storage.Misses.Count == 0)
        {
            return;
        }

        html.Line($"<div class=\"scroll\"><table class=\"plain\"><thead><tr><th>N</th><th>time, s</th><th>question</th><th>page</th>"
            + $"<th>model</th><th>kernel</th><th>cause</th></tr></thead><tbody>");
        for (int index = 0; index < Math.Min(storage.Misses.Count, Shown); index++)
        {
            MissedStorage miss = storage.Misses[index];
            html.Write($"<tr><td>{others + index + 1}</td><td>{miss.TimeNs / 1e9:F6}</td>"
                + $"<td>{StorageExplanation.QuestionName(miss.Question)}</td><td>{Figures.Hexadecimal(miss.Pfn)}</td>");
            html.Write($"<td>{miss.Model}</td><td>{miss.Kernel}</td>");
            html.Line($"<td style=\"white-space:normal;min-width:260px\">{miss.Cause}</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }

    private static void WriteCourse(Markup html, StorageCourse course)
    {
        html.Line($"<details><summary>Over time, in pages</summary><div class=\"scroll\"><table class=\"plain\"><thead><tr><th>s</th>"
            + $"<th>reserved, model</th><th>kernel</th><th>data, model</th><th>kernel</th></tr></thead><tbody>");
        foreach (StoragePoint point in course.Points)
        {
            html.Line($"<tr><td>{point.TimeNs / 1e9:F2}</td><td>{point.ModelReserved:N0}</td><td>{point.KernelReserved:N0}</td>"
                + $"<td>{point.ModelData:N0}</td><td>{point.KernelData:N0}</td></tr>");
        }

        html.Line($"</tbody></table></div></details>");
    }
}
