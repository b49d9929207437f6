using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Answers;
using Palimpsest.Reports.Columns;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html;

/// <summary>The answer in a sentence, and the input that it is an answer for.</summary>
internal static class AnswerSection
{
    public static void Write(Markup html, ComparisonResult result, Labels labels, DesignResult? best)
    {
        html.Line($"<header><h1>Lending MTE tag storage: {Figures.FileName(result.Recording.Name)} on "
            + $"{Figures.FileName(result.Board.Name)}</h1>");
        if (best is null)
        {
            html.Line($"<p class=\"answer\">Only bounds were run: no design to recommend.</p>");
        }
        else
        {
            WriteAnswer(html, result, labels.Of(best), best);
        }

        html.Line($"</header>");
        html.Line($"<section id=\"input\"><h2>Input</h2><div class=\"box\"><div class=\"halves\">");
        html.Facts(OfTrace(result));
        html.Facts(OfBoard(result));
        html.Line($"</div>");
        WriteRegions(html, result);
        EventCounts.Write(html, result.Recording);
        html.Line($"</div></section>");
    }

    private static void WriteAnswer(Markup html, ComparisonResult result, string name, DesignResult best)
    {
        html.Write($"<p class=\"answer\"><strong>{name}</strong> gives back <strong>{Figures.Size(best, best.Storage.GivenBackMean)} "
            + $"MiB</strong> ");
        html.Write($"({Figures.Share(best.Storage.GivenBackMean, best.Storage.StorageFrames)}) of the "
            + $"{Figures.Size(best, best.Storage.StorageFrames)} MiB carve-out as a time-weighted mean, ");
        html.Write($"never less than <strong>{Figures.Size(best, best.Storage.GivenBackMin)} MiB</strong> "
            + $"({Figures.Share(best.Storage.GivenBackMin, best.Storage.StorageFrames)}, at "
            + $"{Figures.Moment(result.Recording.Clock, best.Storage.GivenBackMinTimeNs)}); ");
        html.Write($"it costs {Figures.Count(best.Counts.TagMigratedFrames)} page migrations "
            + $"({Figures.Size(best, best.Counts.TagMigratedFrames)} MiB copied), ");
        html.Write($"{Figures.Microseconds(best.Latency.P99)} µs p99 and {Figures.Microseconds(best.Latency.Max)} µs at worst for a "
            + $"tagged allocation (modelled), ");
        html.Line($"{Figures.Count(best.Counts.RefusedTagged)} refused and {Figures.Count(best.Counts.FailedAllocations)} failed "
            + $"allocations, {Figures.Count(best.Violations.Count)} law violations.</p>");
        if (result.Full is not null)
        {
            html.Line($"<p class=\"note\">On a machine that is full: beside what was recorded, a page cache takes what nobody wants and is "
                + $"reclaimed when memory is short. The same without it stands below.</p>");
        }

        foreach (string sentence in ComparisonAnswer.Of(result).Sentences.Skip(1))
        {
            html.Line($"<p class=\"note\">{sentence}</p>");
        }

        html.Line($"<p class=\"note\">{Ranking.Rule}</p>");
        html.Line($"<p class=\"note\">Given back is what data may use; on average {Figures.Size(best, best.Storage.LentMean)} MiB of it "
            + $"really held data. {Unseen(result)}</p>");
    }

    private static string Unseen(ComparisonResult result) => result.Board.Regions.Any(region => region.IsAssumed)
        ? "The recorded kernel never saw the carve-out, so what was recorded fits in memory without it."
        : "";

    private static IEnumerable<(string, string)> OfTrace(ComparisonResult result) =>
    [
        ("trace", result.Recording.Name),
        ("format", result.Recording.Format),
        ("duration", Figures.Moment(result.Recording.Clock, result.Workload.DurationNs)),
        ("events in the file", Figures.Count(result.Recording.Events)),
        ("lost events", Figures.Count(result.Recording.LostEvents)),
        ("replayed steps",
            InvariantText.Of(
                $"{result.Workload.Steps:N0}: {result.Workload.Allocations:N0} allocations, {result.Workload.Frees:N0} frees")),
        ("tagged allocations", InvariantText.Of($"{result.Workload.TaggedAllocations:N0} "
            + $"({Figures.Share(result.Workload.TaggedAllocations, result.Workload.Allocations)} of the allocations)")),
        ("tag source", result.Workload.TagSource),
        ("frees without allocation", Figures.Count(result.Workload.Repairs.UnknownFrees)),
        ("allocations of pages in use", Figures.Count(result.Workload.Repairs.LiveReallocations)),
    ];

    private static IEnumerable<(string, string)> OfBoard(ComparisonResult result) =>
    [
        ("board", result.Board.Name),
        ("model", result.Board.Model),
        ("RAM", InvariantText.Of($"{Figures.Mebibytes(result.Board.RamBytes)}, carve-out included")),
        ("carve-out", InvariantText.Of($"{Figures.Mebibytes(result.Board.CarveOutBytes)} "
            + $"({Figures.Share(result.Board.CarveOutBytes, result.Board.RamBytes)} of RAM), {Origin(result.Board)}")),
        ("page size", InvariantText.Of($"{result.Board.PageBytes / 1024} KiB, pageblock "
            + $"{Figures.Mebibytes((ulong)result.Board.PageBlockFrames * (ulong)result.Board.PageBytes)}")),
        ("zones", string.Join(", ", result.Board.Zones.Select(Figures.Zone))),
        ("CMA pools", result.Board.CmaPools.Count == 0
            ? "none"
            : string.Join(", ", result.Board.CmaPools.Select(bytes => Figures.Mebibytes(bytes)))),
        ("CPUs", Figures.Count(result.Workload.Cpus)),
        ("pages in use at the start", Figures.Count(result.Workload.InitialPages)),
        ("pinned share of movable pages", Figures.Share(result.PinnedShare, 1)),
    ];

    private static string Origin(BoardFacts board) =>
        board.Regions.Any(region => region.IsAssumed)
            ? "assumed: the board describes none"
            : InvariantText.Of($"described by the board ({board.Dialect})");

    private static void WriteRegions(Markup html, ComparisonResult result)
    {
        html.Line($"<h3>Tag-storage regions</h3><div class=\"scroll\"><table class=\"plain\">");
        html.Line($"<thead><tr><th>base</th><th>size</th><th>pages</th><th>block</th><th>covers</th><th>covered "
            + $"size</th><th>zone</th></tr></thead><tbody>");
        foreach (RegionFacts region in result.Board.Regions)
        {
            html.Write($"<tr><td>{Figures.Hexadecimal(region.Base)}</td><td>{Figures.Mebibytes(region.Bytes)}</td>");
            html.Write($"<td>{Figures.Count((long)region.Bytes / result.Board.PageBytes)}</td><td>{region.BlockFrames} "
                + $"{(region.BlockFrames == 1 ? "page" : "pages")}</td>");
            html.Line($"<td>{region.Covers}</td><td>{Figures.Mebibytes(region.CoversBytes)}</td>"
                + $"<td>{string.Join(", ", region.Zones.Select(Figures.Zone))}</td></tr>");
        }

        html.Line($"</tbody></table></div>");
    }
}
