using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>All that a report of a closed loop shows, in whatever form.</summary>
public sealed record LoopReport(
    LoopEntry Loop, LoopParameters Parameters, MemoryBoard Board, string BoardName, PageGeometry Geometry, int SwapPages, IReadOnlyList<LoopResult> Designs)
{
    /// <summary>The design that others are compared with: the machine as it is today, when it is among them.</summary>
    public LoopResult? Today => Designs.FirstOrDefault(design => design.Choice.Name == "static");

    public long LawViolations => Designs.Sum(design => (long)design.Violations.Count);

    /// <summary>MiB of a number of frames.</summary>
    public double Mebibytes(double frames) => frames * Geometry.PageBytes / (1 << 20);
}
