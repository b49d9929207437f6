using Palimpsest.Lab.Experiments;

namespace Palimpsest.Lab.Reports.Html;

/// <summary>The table that most readers come for: what each design gives back, and what it costs.</summary>
internal static class HeadlineSection
{
    public static void Write(Markup html, ComparisonReport report, Labels labels)
    {
        html.Line($"<section id=\"headline\"><h2>Designs</h2>");
        html.Line($"<p class=\"note\">MiB unless a heading says otherwise. <span class=\"best\">Marked</span>: the best of a column, bounds (grey italics) left out, unless most designs share it. ◂: the design of the sentence above. Click a heading to sort; rest on it for its meaning.</p>");
        DesignTable.Write(html, report, labels, [.. Storage(report), .. Work(report), .. Failures, .. Latency]);
        WriteEssences(html, report, labels);
        html.Line($"</section>");
    }

    private static IEnumerable<DesignColumn> Storage(ComparisonReport report) =>
    [
        Size(report, "given back", "mean", "carve-out not reserved for tags and open to some request, time-weighted mean", Better.Higher, design => design.GivenBackMean),
        Share("%", "mean, of the carve-out", design => design.GivenBackMean),
        Size(report, "given back", "min", "the same at the worst moment", Better.Higher, design => design.GivenBackMin),
        Share("%", "min, of the carve-out", design => design.GivenBackMin),
        new("given back", $"at, {Figures.Unit(report.Trace)}", "time of the worst moment, from the first event", Better.Neither, design => design.GivenBackMinTimeNs, design => Figures.Time(report.Trace, design.GivenBackMinTimeNs)),
        Size(report, "used as data", "mean", "carve-out that holds data, time-weighted mean", Better.Higher, design => design.LentMean),
        Size(report, "used as data", "max", "carve-out that holds data, at most", Better.Higher, design => design.LentMax),
        Size(report, "reserved", "mean", "carve-out reserved for tags, time-weighted mean", Better.Lower, design => design.ReservedMean),
        Size(report, "reserved", "max", "carve-out reserved for tags, at most", Better.Lower, design => design.ReservedMax),
        new("blocks", "fill", "tagged pages for each reserved page of storage, of 32; ratio of the means over time", Better.Higher, design => design.BlockFillMean, design => Known(design.BlockFillMean, 1)),
        new("blocks", "/ideal", "reserved blocks for each block that packed tagged pages would need", Better.Lower, design => design.ReservedOverIdeal, design => Known(design.ReservedOverIdeal, 2)),
    ];

    private static IEnumerable<DesignColumn> Work(ComparisonReport report) =>
    [
        DesignColumn.Count("migrated", "pages", "pages moved out of tag storage", Better.Lower, design => design.Counters.TagMigratedFrames),
        Size(report, "migrated", "MiB", "bytes copied by migration", Better.Lower, design => design.Counters.TagMigratedFrames),
        DesignColumn.Count("reservations", "already", "the block was reserved already", Better.Neither, design => design.Counters.AlreadyReserved),
        DesignColumn.Count("reservations", "free", "the block was free", Better.Neither, design => design.Counters.ReservedFree),
        DesignColumn.Count("reservations", "migrate", "guests had to move out", Better.Lower, design => design.Counters.ReservedByMigration),
        DesignColumn.Count("reservations", "failed", "the block stayed busy: guests could not move out", Better.Lower, design => design.Counters.FailedReservations),
    ];

    private static IEnumerable<DesignColumn> Failures =>
    [
        DesignColumn.Count("allocations", "refused", "requests for a tagged page that were left untagged", Better.Lower, design => design.Counters.RefusedTagged),
        DesignColumn.Count("allocations", "failed", "allocations that got no memory", Better.Lower, design => design.Counters.FailedAllocations),
        DesignColumn.Count("allocations", "extfrag", "mm_page_alloc_extfrag: a request took a pageblock of another migratetype", Better.Lower, design => design.Counters.ExternalFragmentation),
    ];

    private static IEnumerable<DesignColumn> Latency =>
    [
        Time("p50", "median wait of a tagged allocation for its storage", design => design.Latency.P50),
        Time("p99", "99 of 100 wait less", design => design.Latency.P99),
        Time("max", "longest wait", design => design.Latency.Max),
        DesignColumn.Count("laws", "broken", "violations found by the audit at the end", Better.Lower, design => design.Violations.Count),
    ];

    private static DesignColumn Size(ComparisonReport report, string group, string head, string meaning, Better better, Func<DesignResult, double> frames) =>
        new(group, head, meaning, better, frames, design => Figures.Mebibytes(report, frames(design)));

    private static DesignColumn Share(string head, string meaning, Func<DesignResult, double> frames) =>
        new("given back", head, meaning, Better.Neither, design => frames(design), design => Figures.Percent(frames(design), design.StorageFrames));

    private static DesignColumn Time(string head, string meaning, Func<DesignResult, long> nanoseconds) =>
        new("modelled wait, µs", head, meaning, Better.Lower, design => nanoseconds(design), design => design.Latency.Max == 0 ? Figures.None : Figures.Microseconds(nanoseconds(design)));

    private static string Known(double value, int decimals) => value == 0 ? Figures.None : Figures.Ratio(value, decimals);

    private static void WriteEssences(Markup html, ComparisonReport report, Labels labels)
    {
        html.Line($"<details><summary>What the designs are, and their parameters</summary><div class=\"scroll\"><table class=\"plain words\">");
        html.Line($"<thead><tr><th>design</th><th>proposed</th><th>essence</th><th>parameters</th></tr></thead><tbody>");
        foreach (DesignResult design in report.Designs)
        {
            html.Line($"<tr><td>{labels.Of(design)}</td><td>{design.Choice.Entry.Origin}</td><td>{design.Choice.Entry.Essence}</td><td>{design.Choice.ParameterText}</td></tr>");
        }

        html.Line($"</tbody></table></div></details>");
    }
}
