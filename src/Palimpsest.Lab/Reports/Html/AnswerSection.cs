using System.Globalization;
using Palimpsest.Lab.Experiments;
using Palimpsest.Machine.Memory;

namespace Palimpsest.Lab.Reports.Html;

/// <summary>The answer in a sentence, and the input that it is an answer for.</summary>
internal static class AnswerSection
{
    public static void Write(Markup html, ComparisonReport report, Labels labels, DesignResult? best)
    {
        html.Line($"<header><h1>Lending MTE tag storage: {Figures.FileName(report.TraceName)} on {Figures.FileName(report.BoardName)}</h1>");
        if (best is null)
        {
            html.Line($"<p class=\"answer\">Only bounds were run: no design to recommend.</p>");
        }
        else
        {
            WriteAnswer(html, report, labels.Of(best), best);
        }

        html.Line($"</header>");
        html.Line($"<section id=\"input\"><h2>Input</h2><div class=\"box\"><div class=\"halves\">");
        html.Facts(OfTrace(report));
        html.Facts(OfBoard(report));
        html.Line($"</div>");
        WriteRegions(html, report);
        EventCounts.Write(html, report.Trace);
        html.Line($"</div></section>");
    }

    private static void WriteAnswer(Markup html, ComparisonReport report, string name, DesignResult best)
    {
        html.Write($"<p class=\"answer\"><strong>{name}</strong> gives back <strong>{Figures.Mebibytes(report, best.GivenBackMean)} MiB</strong> ");
        html.Write($"({Figures.Share(best.GivenBackMean, best.StorageFrames)}) of the {Figures.Mebibytes(report, best.StorageFrames)} MiB carve-out as a time-weighted mean, ");
        html.Write($"never less than <strong>{Figures.Mebibytes(report, best.GivenBackMin)} MiB</strong> ({Figures.Share(best.GivenBackMin, best.StorageFrames)}, at {Figures.Moment(report.Trace, best.GivenBackMinTimeNs)}); ");
        html.Write($"it costs {Figures.Count(best.Counters.TagMigratedFrames)} page migrations ({Figures.Mebibytes(report, best.Counters.TagMigratedFrames)} MiB copied), ");
        html.Write($"{Figures.Microseconds(best.Latency.P99)} µs p99 and {Figures.Microseconds(best.Latency.Max)} µs at worst for a tagged allocation (modelled), ");
        html.Line($"{Figures.Count(best.Counters.RefusedTagged)} refused and {Figures.Count(best.Counters.FailedAllocations)} failed allocations, {Figures.Count(best.Violations.Count)} law violations.</p>");
        html.Line($"<p class=\"note\">{BestDesign.Rule}</p>");
        html.Line($"<p class=\"note\">Given back is what data may use; on average {Figures.Mebibytes(report, best.LentMean)} MiB of it really held data. {Unseen(report)}</p>");
    }

    private static string Unseen(ComparisonReport report) => report.Board.TagStorage.Any(span => span.IsAssumed)
        ? "The recorded kernel never saw the carve-out, so this workload fits in memory without it."
        : "";

    private static IEnumerable<(string, string)> OfTrace(ComparisonReport report) =>
    [
        ("trace", report.TraceName),
        ("format", report.Trace.Format),
        ("duration", Figures.Moment(report.Trace, report.Workload.DurationNs)),
        ("events in the file", Figures.Count(report.Trace.EventCount)),
        ("lost events", Figures.Count(report.Trace.LostEvents)),
        ("replayed steps", Text($"{report.Workload.Steps.Length:N0}: {report.Workload.Allocations:N0} allocations, {report.Workload.Frees:N0} frees")),
        ("tagged allocations", Text($"{report.Workload.TaggedAllocations:N0} ({Figures.Share(report.Workload.TaggedAllocations, report.Workload.Allocations)} of the allocations)")),
        ("tag source", report.Workload.TagSource),
        ("frees without allocation", Figures.Count(report.Workload.Repairs.UnknownFrees)),
        ("allocations of pages in use", Figures.Count(report.Workload.Repairs.LiveReallocations)),
    ];

    private static IEnumerable<(string, string)> OfBoard(ComparisonReport report) =>
    [
        ("board", report.BoardName),
        ("model", report.Board.Model),
        ("RAM", Text($"{Figures.Mebibytes(report.Board.DataBytes + report.Board.CarveOutBytes)}, carve-out included")),
        ("carve-out", Text($"{Figures.Mebibytes(report.Board.CarveOutBytes)} ({Figures.Share(report.Board.CarveOutBytes, report.Board.DataBytes + report.Board.CarveOutBytes)} of RAM), {Origin(report.Board)}")),
        ("page size", Text($"{report.Geometry.PageBytes / 1024} KiB, pageblock {Figures.Mebibytes(report.Geometry.BytesOf((ulong)report.Geometry.PageBlockFrames))}")),
        ("zones", string.Join(", ", report.Board.Zones.Select(zone => Figures.Zone(zone.Kind)))),
        ("CMA pools", report.Board.CmaPools.Count == 0 ? "none" : string.Join(", ", report.Board.CmaPools.Select(pool => Figures.Mebibytes(pool.Range.Bytes)))),
        ("CPUs", Figures.Count(report.Workload.Cpus)),
        ("pages in use at the start", Figures.Count(report.Workload.Initial.Count)),
        ("pinned share of movable pages", Figures.Share(report.PinnedShare, 1)),
    ];

    private static string Origin(MemoryBoard board) =>
        board.TagStorage.Any(span => span.IsAssumed) ? "assumed: the board describes none" : Text($"described by the board ({board.Dialect})");

    private static void WriteRegions(Markup html, ComparisonReport report)
    {
        html.Line($"<h3>Tag-storage regions</h3><div class=\"scroll\"><table class=\"plain\">");
        html.Line($"<thead><tr><th>base</th><th>size</th><th>pages</th><th>block</th><th>covers</th><th>covered size</th><th>zone</th></tr></thead><tbody>");
        foreach (TagStorageSpan span in report.Board.TagStorage)
        {
            int block = span.BlockFrames(report.Geometry);
            IEnumerable<string> zones = report.Board.Zones.Where(zone => zone.Range.Overlaps(span.Storage)).Select(zone => Figures.Zone(zone.Kind));
            html.Write($"<tr><td>{Figures.Hexadecimal(span.Storage.Start.Value)}</td><td>{Figures.Mebibytes(span.Storage.Bytes)}</td>");
            html.Write($"<td>{Figures.Count((long)span.Storage.Bytes / report.Geometry.PageBytes)}</td><td>{block} {(block == 1 ? "page" : "pages")}</td>");
            html.Line($"<td>{span.Covered.ToString()}</td><td>{Figures.Mebibytes(span.Covered.Bytes)}</td><td>{string.Join(", ", zones)}</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
