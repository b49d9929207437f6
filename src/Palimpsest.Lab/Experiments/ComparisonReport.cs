using Palimpsest.Kernel;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Experiments;

/// <summary>All that a report of a comparison shows, in whatever form.</summary>
public sealed record ComparisonReport
{
    public required string TraceName { get; init; }

    public required string BoardName { get; init; }

    public required Trace Trace { get; init; }

    public required Workload Workload { get; init; }

    public required MemoryLayout Layout { get; init; }

    public required CostTable Costs { get; init; }

    public required double PinnedShare { get; init; }

    public required IReadOnlyList<DesignResult> Designs { get; init; }

    /// <summary>What was assumed, a sentence each: tag source, carve-out, start of the recording, repairs.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    public MemoryBoard Board => Layout.Board;

    public PageGeometry Geometry => Layout.Geometry;

    /// <summary>MiB of a number of frames.</summary>
    public double Mebibytes(double frames) => frames * Geometry.PageBytes / (1 << 20);

    public long LawViolations => Designs.Sum(design => (long)design.Violations.Count);
}
