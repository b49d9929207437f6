using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Answers;

/// <summary>Which design to take by a closed loop, and how sure that is, in sentences.</summary>
internal sealed record LoopAnswer(IReadOnlyList<string> Sentences)
{
    private const string Assumed =
        "Assumed: a modelled workload, which differs from a recorded machine under pressure as docs/fidelity.md tells.";

    public static LoopAnswer Of(LoopStudy study) => new(
        study.Best is not { Saved: { } saved } best
            ? ["Nothing to choose by: no design was run beside static, or memory was never short.", Assumed]
        : study.Seeds.Count == 1
            ? [InvariantText.Of($"{best.Design.Label} saves most with this seed, {100 * saved.Mean:N1} %; one seed does not tell ")
                + "what is chance. Give --seeds 5 or more.", Assumed]
        : [Chosen(study, best, saved), Others(study), Assumed]);

    private static string Chosen(LoopStudy study, LoopSpread best, Estimate saved)
    {
        string figures = InvariantText.Of($"{100 * saved.Mean:N1} % (95 %: {100 * saved.Low:N1} to {100 * saved.High:N1}) of what today's ")
            + InvariantText.Of($"machine reclaims, and is better with {best.BetterIn} of {study.Seeds.Count} seeds");
        double kills = best.Runs.Average(run => run.Events.OomKills);
        string lost = kills == 0 ? "; no process is killed" : InvariantText.Of($"; {kills:N1} processes are killed, a seed");
        return saved.Low > 0
            ? $"Take {best.Design.Label}: it saves {figures}{lost}."
            : $"No design is told from today's machine by these seeds; {best.Design.Label} comes first and saves {figures}{lost}.";
    }

    private static string Others(LoopStudy study)
    {
        string[] alike = [.. study.Designs.Where(design => design is { Saved: not null, BehindBest: not null, IsToldFromBest: false }
            && !design.Design.IsBound).Select(design => design.Design.Label)];
        return alike.Length == 0
            ? "Every other design is worse by more than chance."
            : $"Not to be told from it: {string.Join(", ", alike)}.";
    }
}
