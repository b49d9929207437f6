using Palimpsest.Lab.Metrics;

namespace Palimpsest.Lab.Trials;

/// <summary>A design over all seeds of a study.</summary>
/// <param name="Runs">In order of the seeds.</param>
/// <param name="Saved">Pages that today's machine (static) reclaimed and this design did not, with the same seed, as a share of those
/// that static reclaimed with a seed on average; null of static, and where it was not run or reclaimed nothing.</param>
/// <param name="BetterIn">Seeds in which it reclaimed less than static.</param>
/// <param name="BehindBest">By how much less it saves than the design that saves most; null of that one, and without
/// <paramref name="Saved"/>.</param>
public sealed record LoopSpread(IReadOnlyList<LoopDesignResult> Runs, Estimate? Saved, int BetterIn, Estimate? BehindBest)
{
    /// <summary>Which design, with which parameters.</summary>
    public DesignFacts Design => Runs[0].Design;

    /// <summary>Its saving differs from that of the best design by more than chance.</summary>
    public bool IsToldFromBest => BehindBest is { MayBeZero: false };
}

/// <summary>A closed loop under each design, with several seeds: chance is told from what a design does.</summary>
/// <param name="Seeds">A result of each seed, with the same designs in the same order.</param>
public sealed record LoopStudy(IReadOnlyList<LoopResult> Seeds)
{
    /// <summary>Each design over all seeds, in the order asked.</summary>
    public IReadOnlyList<LoopSpread> Designs { get; } = Spread(Seeds);

    /// <summary>The first: board, workload and the designs that were left out are those of all.</summary>
    public LoopResult First => Seeds[0];

    /// <summary>The design that saves most on average, of those that keep every law and are no bounds; null where none is known.
    /// </summary>
    public LoopSpread? Best => Designs.FirstOrDefault(design => design is { Saved: not null, BehindBest: null } && Competes(design));

    /// <summary>In all seeds and designs; 0 unless the program has a mistake.</summary>
    public long LawViolations => Seeds.Sum(result => result.LawViolations);

    private static LoopSpread[] Spread(IReadOnlyList<LoopResult> seeds)
    {
        LoopDesignResult[][] designs = [.. seeds[0].Designs.Select((_, index) =>
            seeds.Select(result => result.Designs[index]).ToArray())];
        LoopDesignResult[]? today = designs.FirstOrDefault(runs => runs[0].Design.Name == LoopResult.Today);
        double scale = today?.Average(run => run.Events.Reclaimed) ?? 0;
        double[]?[] saved = [.. designs.Select(runs => scale == 0 || ReferenceEquals(runs, today) ? null
            : today!.Zip(runs, (now, run) => (now.Events.Reclaimed - run.Events.Reclaimed) / scale).ToArray())];
        LoopSpread[] spread = [.. designs.Zip(saved, (runs, shares) => new LoopSpread(
            runs, shares is null ? null : Estimate.Of(shares), shares?.Count(share => share > 0) ?? 0, BehindBest: null))];
        int best = Array.IndexOf(spread, spread.Where(Competes).MaxBy(design => design.Saved!.Value.Mean));
        return best < 0 ? spread : [.. spread.Select((design, index) => index == best || saved[index] is not { } own ? design
            : design with { BehindBest = Estimate.Of([.. saved[best]!.Zip(own, (first, other) => first - other)]) })];
    }

    private static bool Competes(LoopSpread design) =>
        design.Saved is not null && !design.Design.IsBound && design.Runs.All(run => run.Violations.Count == 0);
}
