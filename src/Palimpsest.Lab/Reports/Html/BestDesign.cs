using Palimpsest.Lab.Experiments;

namespace Palimpsest.Lab.Reports.Html;

/// <summary>Which design the page opens with.</summary>
internal static class BestDesign
{
    // A design that refuses tags gives back more by not doing its work; so many more refusals than the best are forgiven.
    private const double ForgivenRefusals = 0.001;

    public const string Rule =
        "Best: the largest mean given back among designs that keep every law and lose no more than 0.1 % more tagged "
        + "allocations (refused or failed) than the design that loses fewest; the bounds do not compete.";

    /// <summary>The bounds say what could be had at most and at least; nobody would build them.</summary>
    public static bool IsBound(DesignResult design) => design.Choice.Entry.Origin == "bound";

    /// <summary>The best design, or null when only bounds were run.</summary>
    public static DesignResult? Of(ComparisonReport report)
    {
        List<DesignResult> built = [.. report.Designs.Where(design => !IsBound(design))];
        List<DesignResult> lawful = [.. built.Where(design => design.Violations.Count == 0)];
        List<DesignResult> candidates = lawful.Count > 0 ? lawful : built;
        if (candidates.Count == 0)
        {
            return null;
        }

        double allowed = candidates.Min(Lost) + (ForgivenRefusals * report.Workload.TaggedAllocations);
        return candidates
            .Where(design => Lost(design) <= allowed)
            .OrderByDescending(design => design.GivenBackMean)
            .ThenByDescending(design => design.GivenBackMin)
            .ThenBy(design => design.ModelledSeconds)
            .First();
    }

    private static long Lost(DesignResult design) => design.Counters.RefusedTagged + design.Counters.FailedAllocations;
}
