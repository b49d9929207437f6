using Palimpsest.Lab.Facts;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;

namespace Palimpsest.Lab.Trials;

/// <summary>What a comparison found: all that its reports show, in whatever form.</summary>
public sealed record ComparisonResult
{
    /// <summary>What was recorded.</summary>
    public required RecordingFacts Recording { get; init; }

    /// <summary>What was made of it: steps, repairs, tag source.</summary>
    public required WorkloadFacts Workload { get; init; }

    /// <summary>The machine that it was replayed on.</summary>
    public required BoardFacts Board { get; init; }

    /// <summary>Prices of the modelled times.</summary>
    public required CostTable Costs { get; init; }

    /// <summary>Share of movable pages that could not be migrated, 0 to 1.</summary>
    public required double PinnedShare { get; init; }

    /// <summary>In the order asked.</summary>
    public required IReadOnlyList<DesignResult> Designs { get; init; }

    /// <summary>Designs that were asked for and cannot run on the board, in the order asked.</summary>
    public IReadOnlyList<UnfitDesign> Unfit { get; init; } = [];

    /// <summary>How memory was kept full; null in the memory of the recording.</summary>
    public FullMachine? Full { get; init; }

    /// <summary>The same designs in the memory of the recording, where <see cref="Designs"/> had it full; empty otherwise.</summary>
    public IReadOnlyList<DesignResult> Replayed { get; init; } = [];

    /// <summary>What was assumed, a sentence each: tag source, carve-out, start of the recording, repairs.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    /// <summary>What more than one input may tell of the machine, the best source of each kind first.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>What the recorded kernel did because memory was short; null where nothing tells.</summary>
    public Pressure? Pressure { get; init; }

    /// <summary>Storage that the tagged pages would need where the recorded kernel had them; null where nothing is tagged.</summary>
    public RecordedPlacement? Placement { get; init; }

    /// <summary>Rules that the allocator followed.</summary>
    public RulesUsed Rules { get; init; } = RulesUsed.Unknown;

    /// <summary>In all designs; 0 unless the program has a mistake.</summary>
    public long LawViolations => Designs.Sum(design => (long)design.Violations.Count);
}
