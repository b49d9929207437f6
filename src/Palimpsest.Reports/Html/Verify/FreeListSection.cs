using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html.Verify;

/// <summary>Free chunks when the recording ends: the model's beside the kernel's, by migratetype and order.</summary>
internal static class FreeListSection
{
    private const int CellWidth = 30;

    public static void Write(Markup html, VerificationResult result)
    {
        html.Line($"<section id=\"free-lists\"><h2>Free lists at the end</h2>");
        if (result.FreeEnd.KernelChunks is null)
        {
            html.Line($"<p class=\"note\">The kernel's are not known: no copy of /proc/pagetypeinfo was given (--snapshot).</p>");
        }
        else
        {
            html.Line($"<p class=\"note\">Free chunks of each order; a chunk of order n is 2<sup>n</sup> pages. What differs is marked. "
                + $"The share sums the differences of all cells, in pages, over the pages that the kernel has free. What moved without "
                + $"an event, or between the last event and the copy of /proc/pagetypeinfo, differs even where the model is guided; and "
                + $"without a copy of /proc/kpageflags, the guided run takes each page that no event names as in use.</p>");
        }

        html.Line($"<div class=\"halves\">");
        WriteAgreement(html, "Guided", result.GuidedEnd);
        WriteAgreement(html, "Never corrected", result.FreeEnd);
        html.Line($"</div></section>");
    }

    public static void WriteAgreement(Markup html, string name, Agreement? agreement)
    {
        if (agreement is not { ModelChunks: { } model, KernelChunks: { } kernel, FreeDifference: { } difference })
        {
            return;
        }

        html.Line($"<div><h3>{name}: {Shares.OfMemory(difference)} differs</h3><div class=\"scroll\"><table "
            + $"class=\"designs\"><thead><tr><th class=\"name\">type</th><th></th>");
        for (int order = 0; order < Math.Max(model.Orders, kernel.Orders); order++)
        {
            html.Write($"<th style=\"min-width:{CellWidth}px\">{order}</th>");
        }

        html.Line($"<th>pages</th></tr></thead><tbody>");
        for (int type = 0; type < MigrateTypes.Count; type++)
        {
            if (model.FreeFramesOf(type) + kernel.FreeFramesOf(type) > 0)
            {
                WriteType(html, type, model, kernel);
            }
        }

        html.Line($"</tbody></table></div></div>");
    }

    private static void WriteType(Markup html, int type, FreeChunkCounts model, FreeChunkCounts kernel)
    {
        html.Write($"<tr><th class=\"name\" scope=\"rowgroup\" rowspan=\"2\">{(MigrateType)type}</th><td>model</td>");
        WriteCells(html, type, model, kernel, Math.Max(model.Orders, kernel.Orders));
        html.Write($"<tr><td>kernel</td>");
        WriteCells(html, type, kernel, kernel, Math.Max(model.Orders, kernel.Orders));
    }

    private static void WriteCells(Markup html, int type, FreeChunkCounts counts, FreeChunkCounts kernel, int orders)
    {
        for (int order = 0; order < orders; order++)
        {
            WriteCell(html, counts.CountOf(type, order), kernel.CountOf(type, order));
        }

        WriteCell(html, counts.FreeFramesOf(type), kernel.FreeFramesOf(type));
        html.Line($"</tr>");
    }

    private static void WriteCell(Markup html, long count, long expected) =>
        html.Write($"<td class=\"{(count == expected ? "" : "alarm")}\">{count:N0}</td>");
}
