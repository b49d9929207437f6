using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;

namespace Palimpsest.Reports.Html;

/// <summary>What tag storage made the kernel do, counted; and the time that the cost table makes of it.</summary>
internal static class CostSection
{
    private static readonly IReadOnlyList<Column<DesignResult>> Counted = DesignColumns.Named(
        "range_allocations", "range_failures", "pageblocks_isolated", "pageblocks_busy", "blocks_released",
        "interrupts", "drain_all_calls", "drains", "data_lines_invalidated", "tag_lines_invalidated",
        "migration_failures.pinned", "migration_failures.unmovable", "migration_failures.no_target",
        "candidates_put_back", "replaced_pages", "block_conversions", "kswapd_wakes", "direct_reclaims", "failed_ranges");

    private static readonly IReadOnlyList<Column<DesignResult>> Modelled =
        DesignColumns.Named([.. CostCauses.All.Select(cause => "modelled." + cause.Id), "tag_storage_modelled_s"]);

    public static void Write(Markup html, ComparisonResult result, Labels labels, Ranking ranking)
    {
        html.Line($"<section id=\"costs\"><h2>Costs</h2><h3>Counted, exactly</h3>");
        DesignTable.Write(html, result, labels, ranking, Counted);
        html.Line($"<h3>Modelled time, in ms</h3>");
        html.Line($"<p class=\"note\">Counts times the cost table: measured on other machines (bench/README.md), so compare designs by "
            + $"it and do not take it for a phone's time. Over the whole recording "
            + $"({Figures.Moment(result.Recording.Clock, result.Workload.DurationNs)}).</p>");
        DesignTable.Write(html, result, labels, ranking, Modelled);
        WriteTable(html, result.Costs);
        html.Line($"</section>");
    }

    private static void WriteTable(Markup html, CostTable costs)
    {
        html.Line($"<h3>Cost table</h3><div class=\"scroll\"><table class=\"plain\"><thead><tr><th>name</th><th>ns</th><th>of "
            + $"what</th></tr></thead><tbody>");
        foreach (CostCause cause in CostCauses.All)
        {
            html.Line($"<tr><td>{cause.Name}</td><td>{cause.Cost(costs):#,0.##}</td><td>{cause.Meaning}</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }
}
