using Palimpsest.Designs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>What a comparison is made of once its inputs are read.</summary>
/// <param name="Own">Designs that the catalog does not have.</param>
/// <param name="StartText">Where the start of the recording is known from, in words.</param>
internal sealed record PreparedParts(Trace Trace, RecordedMachine Recorded, MemoryLayout Layout, Workload Workload, MachineOptions Machine,
    CostTable Costs, IReadOnlyList<DesignEntry> Own, string StartText, string? StartNote)
{
    /// <param name="courses">How memory fares over time; null where nobody asks.</param>
    public Comparison Under(FullMachine? full, CourseRequest? courses = null) => new(Layout, Workload, Machine, Costs, full, courses);
}

/// <summary>
/// A recording and a machine that were read and held against each other once: each replay of it is independent of the others, and any
/// number may run at a time.
/// </summary>
public sealed class PreparedComparison
{
    private readonly PreparedParts _parts;

    internal PreparedComparison(PreparedParts parts) => _parts = parts;

    /// <summary>Tagged pages that the recording asks for.</summary>
    public long TaggedAllocations => _parts.Workload.TaggedAllocations;

    /// <summary>Bytes of the carve-out.</summary>
    public ulong CarveOutBytes => _parts.Layout.Board.CarveOutBytes;

    /// <summary>Steps of a replay.</summary>
    public int Steps => _parts.Workload.Steps.Length;

    /// <summary>Replays it under one design.</summary>
    /// <param name="design">NAME or NAME:PARAMETER=VALUE,...</param>
    /// <param name="full">How a page cache keeps memory full; null for the memory of the recording.</param>
    /// <exception cref="UsageException">There is no such design or parameter.</exception>
    /// <exception cref="InputException">The design cannot run on the board, or cannot go on.</exception>
    public DesignResult Run(string design, FullMachine? full = null, CancellationToken cancellation = default) =>
        _parts.Under(full).Run(DesignCatalog.Parse(design, _parts.Own), _ => { }, cancellation);
}
