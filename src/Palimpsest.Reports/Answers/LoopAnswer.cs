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
            ? [$"Nothing to choose by: {WhyNot(study)}.", Assumed]
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

    /// <summary>Why there is no best: what was run, or what it met.</summary>
    private static string WhyNot(LoopStudy study) =>
        study.Designs.FirstOrDefault(design => design.Design.Name == LoopResult.Today) is not { } today
            ? "today's machine was not run, against which the others are held; name --design static too"
        : today.Runs.All(run => run.Events.Reclaimed == 0)
            ? "memory was never short on today's machine; give the workload more with --size, or the machine less with --ram"
        : study.Designs.All(design => design.Design.IsBound) ? "only bounds were run, between which every design lies"
        : "every design that was run breaks a law";

    private static string Others(LoopStudy study)
    {
        LoopSpread[] others = [.. study.Designs.Where(design =>
            design is { Saved: not null, BehindBest: not null } && !design.Design.IsBound)];
        string[] alike = [.. others.Where(design => !design.IsToldFromBest && design.Runs.All(run => run.Violations.Count == 0))
            .Select(design => design.Design.Label)];
        string[] broken = [.. others.Where(design => design.Runs.Any(run => run.Violations.Count > 0))
            .Select(design => design.Design.Label)];
        string unlawful = broken.Length == 0 ? "" : $" Out of the question, as they break a law: {string.Join(", ", broken)}.";
        return (others.Length == 0 ? "No other design was run."
            : alike.Length > 0 ? $"Not to be told from it: {string.Join(", ", alike)}."
            : broken.Length == others.Length ? "No other design keeps every law."
            : "Every other design is worse by more than chance.") + unlawful;
    }
}
