using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;

namespace Palimpsest.Reports.Columns;

/// <summary>
/// Which design of a comparison is best, and which figures are (docs/decisions/0006-ranking.md). The bounds do not compete, nor
/// do designs that break a law while another keeps all, nor those that lose more than a forgiven share of tagged requests.
/// </summary>
internal sealed class Ranking
{
    /// <summary>
    /// A design that refuses tags gives back more by not doing its work: it may lose as large a share of all tagged requests more
    /// than the design that loses fewest.
    /// </summary>
    public const double ForgivenShare = 0.001;

    /// <summary>What differs by less of the carve-out counts as alike: recordings of one machine differ by more.</summary>
    public const double Margin = 0.01;

    public const string Rule =
        "Best: the largest mean given back among designs that keep every law and lose no more than 0.1 % more tagged "
        + "allocations (refused or failed) than the design that loses fewest; the bounds do not compete.";

    private readonly DesignResult[] _contenders;

    public Ranking(ComparisonResult result)
    {
        DesignResult[] built = [.. result.Designs.Where(design => !design.Design.IsBound)];
        DesignResult[] lawful = [.. built.Where(design => design.Violations.Count == 0)];
        DesignResult[] candidates = lawful.Length > 0 ? lawful : built;
        double allowed = candidates.Length == 0 ? 0 : candidates.Min(design => design.Counts.Lost)
            + (ForgivenShare * result.Workload.TaggedAllocations);
        _contenders = [.. candidates.Where(design => design.Counts.Lost <= allowed)];
        Best = _contenders
            .OrderByDescending(design => design.Storage.GivenBackMean)
            .ThenByDescending(design => design.Storage.GivenBackMin)
            .ThenBy(design => design.Costs.Total)
            .FirstOrDefault();
        Within = [.. _contenders.Where(design => !ReferenceEquals(design, Best) && IsAlike(Best!.Storage, design.Storage))];
    }

    /// <summary>The best design; null when only bounds were run.</summary>
    public DesignResult? Best { get; }

    /// <summary>Those that compete and give back as much, but for the margin, in the order asked; not the best itself.</summary>
    public IReadOnlyList<DesignResult> Within { get; }

    public bool Competes(DesignResult design) => Array.Exists(_contenders, one => ReferenceEquals(one, design));

    /// <summary>Is this the best figure of a column, and not one that most who compete share?</summary>
    public bool IsBest(Column<DesignResult> column, DesignResult design)
    {
        DesignResult[] rivals = [.. _contenders.Where(column.IsMeasured)];
        if (column.Better == Better.Neither || rivals.Length < 2 || !column.IsMeasured(design) || !Competes(design))
        {
            return false;
        }

        double best = column.Better == Better.Higher ? rivals.Max(column.Rounded) : rivals.Min(column.Rounded);
        return column.Rounded(design) == best && rivals.Count(rival => column.Rounded(rival) == best) * 2 <= rivals.Length;
    }

    private static bool IsAlike(StorageFigures best, StorageFigures other) =>
        other.GivenBackMean >= best.GivenBackMean - (Margin * best.StorageFrames);
}
