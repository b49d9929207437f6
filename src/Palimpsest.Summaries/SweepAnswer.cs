using Palimpsest.Vocabulary;

namespace Palimpsest.Summaries;

/// <summary>What a sweep tells, in sentences.</summary>
internal static class SweepAnswer
{
    public static IReadOnlyList<string> Of(SweepSummary summary)
    {
        List<string> sentences = [];
        DesignSummary[] built = [.. summary.Designs.Where(design => !design.IsBound)];
        if (built.MaxBy(design => (design.AsGoodIn, design.BestIn, design.Net)) is { } best)
        {
            sentences.Add(InvariantText.Of($"Take {best.Label}: best in {best.BestIn:N0} of {best.Cells:N0} comparisons, as good as the ")
                + InvariantText.Of($"best in {best.AsGoodIn:N0}; at the worst it gives back {best.WorstRegret ?? 0:N2} % of the ")
                + "carve-out less.");
            string front = string.Join(", ", built.Where(design => design.IsOnFront).OrderBy(design => design.Cost)
                .Select(design => design.Label));
            sentences.Add($"Nobody gives back as much net for as little as, from the cheapest on: {front}.");
        }

        if (summary.Runs.FirstOrDefault(run => run.Saved is not null) is { } saver)
        {
            sentences.Add(InvariantText.Of($"On the running system {saver.Label} saves most: {saver.Saved!.Value.Mean:N2} % of what ")
                + InvariantText.Of($"today's machine reclaims, better in {saver.BetterIn:N0} of {saver.Cells:N0} runs."));
        }

        if (summary.Searches.Count > 0)
        {
            sentences.Add(InvariantText.Of($"Random programs broke a law in {summary.Searches.Sum(search => search.Found):N0} of ")
                + InvariantText.Of($"{summary.Searches.Sum(search => search.Cells):N0} cells."));
        }

        if (summary.Done + summary.SetAside < summary.Planned)
        {
            sentences.Add(InvariantText.Of($"Only {summary.Done + summary.SetAside:N0} of {summary.Planned:N0} cells are done: ")
                + "palimpsest sweep goes on.");
        }

        if (summary.SetAside > 0)
        {
            sentences.Add(InvariantText.Of($"{summary.SetAside:N0} cells broke three times and were set aside: ")
                + "set-aside.txt in the folder says how.");
        }

        return sentences;
    }
}
