using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Html;

/// <summary>The table that most readers come for: what each design gives back, and what it costs.</summary>
internal static class HeadlineSection
{
    private static readonly IReadOnlyList<Column<DesignResult>> Columns = DesignColumns.Named(
        StorageColumns.GivenBackMean, StorageColumns.GivenBackPercent, StorageColumns.GivenBackMin, StorageColumns.GivenBackMinPercent,
            StorageColumns.GivenBackMinTime,
        StorageColumns.UsedMean, StorageColumns.UsedMax, StorageColumns.ReservedMean, StorageColumns.ReservedMax, StorageColumns.BlockFill,
            StorageColumns.OverIdeal, StorageColumns.OverIdealP99, StorageColumns.Stranded, StorageColumns.NetGiven,
        "migrations", "migrated_mib", "reservations.already", "reservations.free", "reservations.migrate", "reservations.failed",
        "refused_tagged_allocations", "failed_allocations", "extfrag_events",
        "reserve_latency_modelled_ns.p50", "reserve_latency_modelled_ns.p99", "reserve_latency_modelled_ns.max", "law_violations");

    public static void Write(Markup html, ComparisonResult result, Labels labels, Ranking ranking)
    {
        html.Line($"<section id=\"headline\"><h2>Designs</h2>");
        html.Line($"<p class=\"note\">MiB unless a heading says otherwise. <span class=\"best\">Marked</span>: the best of a column "
            + $"among those that compete, unless most share it; the bounds (grey italics) do not. ◂: the design of the sentence above. "
            + $"Click a heading to sort; rest on it for its meaning.</p>");
        DesignTable.Write(html, result, labels, ranking, Columns);
        foreach (UnfitDesign design in result.Unfit)
        {
            html.Line($"<p class=\"note\">{design.Design.Label} is left out: {design.Reason}.</p>");
        }

        if (result.Full is not null)
        {
            WriteReplayed(html, result with { Designs = result.Replayed, Full = null, Replayed = [] });
        }

        WriteEssences(html, result, labels);
        html.Line($"</section>");
    }

    private static void WriteReplayed(Markup html, ComparisonResult result)
    {
        html.Line($"<h3>In the memory of the recording</h3>");
        html.Line($"<p class=\"note\">The same demand without the page cache that filled the machine above: most of memory may be free, "
            + $"which hides what the designs differ in.</p>");
        DesignTable.Write(html, result, new Labels(result.Designs), new Ranking(result), Columns);
    }

    private static void WriteEssences(Markup html, ComparisonResult result, Labels labels)
    {
        html.Line(
            $"<details><summary>What the designs are, and their parameters</summary><div class=\"scroll\"><table class=\"plain words\">");
        html.Line($"<thead><tr><th>design</th><th>proposed</th><th>essence</th><th>parameters</th></tr></thead><tbody>");
        foreach (DesignResult design in result.Designs)
        {
            html.Line($"<tr><td>{labels.Of(design)}</td><td>{design.Design.Origin}</td><td>{design.Design.Essence}</td>"
                + $"<td>{design.Design.Parameters}</td></tr>");
        }

        html.Line($"</tbody></table></div></details>");
    }
}
