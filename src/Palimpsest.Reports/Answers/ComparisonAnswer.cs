using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Columns;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Answers;

/// <summary>Which design to take by a comparison, in sentences; terminal, page and JSON say the same.</summary>
/// <param name="Sentences">The answer, what is as good, what it stands on.</param>
internal sealed record ComparisonAnswer(Ranking Ranking, IReadOnlyList<string> Sentences)
{
    public static ComparisonAnswer Of(ComparisonResult result)
    {
        Ranking ranking = new(result);
        return new ComparisonAnswer(ranking, ranking.Best is { } best
            ? [Chosen(result, best), Others(result, ranking), Assumed(result)]
            : ["Only bounds were run: no design to recommend.", Assumed(result)]);
    }

    private static string Chosen(ComparisonResult result, DesignResult best)
    {
        string size = Mebibytes(best, best.Storage.StorageFrames);
        return InvariantText.Of($"Take {best.Design.Label}: it gives back {Mebibytes(best, best.Storage.GivenBackMean)} of {size} MiB, at ")
            + InvariantText.Of($"the worst moment {Mebibytes(best, best.Storage.GivenBackMin)}; {Lost(result, best)}.");
    }

    private static string Lost(ComparisonResult result, DesignResult best) => best.Counts.Lost == 0
        ? "nothing is lost"
        : InvariantText.Of($"{best.Counts.RefusedTagged:N0} of {result.Workload.TaggedAllocations:N0} tagged requests are left untagged, ")
            + InvariantText.Of($"{best.Counts.FailedAllocations:N0} allocations fail");

    private static string Others(ComparisonResult result, Ranking ranking) =>
        result.Designs.Count(design => !design.Design.IsBound) == 1 ? "No other design was run."
        : ranking.Within.Count == 0
        ? InvariantText.Of($"No other is within {Ranking.Margin:P0} of the carve-out.")
        : InvariantText.Of($"As good, within {Ranking.Margin:P0} of the carve-out: ")
            + string.Join(", ", ranking.Within.Select(design => design.Design.Label)) + ".";

    private static string Assumed(ComparisonResult result)
    {
        string tags = result.Workload.TagSource switch
        {
            "flag" => "what __GFP_ZEROTAGS marks is tagged, a part of all that was",
            "mapped" => "what was seen mapped tagged is tagged",
            "snapshot" => "what copies of kpageflags show tagged is tagged",
            _ => $"{result.Workload.TagSource} is tagged",
        };
        string carveOut = result.Board.Regions.Any(region => region.IsAssumed) ? ", a carve-out above RAM that the kernel never saw" : "";
        string pins = result.PinnedShare > 0 ? InvariantText.Of($", {result.PinnedShare:P1} of movable pages pinned") : ", no pins";
        string memory = result.Full is null ? ", memory as free as recorded" : ", memory that a page cache keeps full";
        return $"Assumed: {tags}{carveOut}{pins}{memory}; all of it stands below.";
    }

    private static string Mebibytes(DesignResult design, double frames) =>
        InvariantText.Of($"{StorageColumns.Mebibytes(frames, design.PageBytes):N2}");
}
