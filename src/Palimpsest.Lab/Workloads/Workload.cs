using Palimpsest.Lab.Snapshots;

namespace Palimpsest.Lab.Workloads;

/// <summary>A page in use before the first step.</summary>
/// <param name="Name">Recorded frame index.</param>
/// <param name="IsPinned">Cannot be migrated although it is movable.</param>
public readonly record struct InitialPage(int Name, bool IsMovable, bool IsPinned = false);

/// <summary>How the recording was mended; every count is shown in the report.</summary>
public sealed record Repairs
{
    /// <summary>Frees of pages whose allocation the recording does not have.</summary>
    public long UnknownFrees { get; init; }

    /// <summary>Of those, pages that were in use before the recording began.</summary>
    public long InUseBefore { get; init; }

    /// <summary>Of those, pages freed before: allocated without an event in between.</summary>
    public long HiddenAllocations { get; init; }

    /// <summary>Of those, pages of ranges that were taken without an event (alloc_contig_pages) and given back page by page.</summary>
    public long HiddenRangePages { get; init; }

    /// <summary>Allocations of a page in use: its free was not recorded.</summary>
    public long LiveReallocations { get; init; }

    /// <summary>Allocations that failed on the recorded machine; they are not replayed.</summary>
    public long FailedAllocations { get; init; }

    /// <summary>Pages moved there by compaction, seen from the page table entry only.</summary>
    public long MigrationTargets { get; init; }

    /// <summary>
    /// Pages moved out of ranges; they are not allocated and freed, but moved when the range is taken, if they lie in it.
    /// </summary>
    public long MovedOut { get; init; }

    /// <summary>Allocations of orders that the buddy allocator does not have.</summary>
    public long OrdersTooLarge { get; init; }

    /// <summary>Frames in use at the start that no event names, from a snapshot or <c>--used</c>.</summary>
    public long FramesNeverSeen { get; init; }
}

/// <summary>A recording made consistent: replayed without another look at it, once for each design.</summary>
public sealed record Workload
{
    /// <summary>Pages in use when the recording began, by frame.</summary>
    public required IReadOnlyList<InitialPage> Initial { get; init; }

    /// <summary>Pages on the per-CPU lists at the start, by CPU; empty where nobody counted them.</summary>
    public IReadOnlyList<int> PerCpuAtStart { get; init; } = [];

    /// <summary>Free chunks of the recorded kernel at the start; null where nobody counted them.</summary>
    public FreeChunkCounts? ChunksAtStart { get; init; }

    /// <summary>Pageblocks that were not Movable at the start.</summary>
    public IReadOnlyList<PageBlockType> BlockTypes { get; init; } = [];

    /// <summary>In order of time.</summary>
    public required ReadOnlyMemory<WorkloadStep> Steps { get; init; }

    /// <summary>What the recording lacks and was put in, counted.</summary>
    public required Repairs Repairs { get; init; }

    /// <summary>Steps that take pages.</summary>
    public required long Allocations { get; init; }

    /// <summary>Steps that give pages back.</summary>
    public required long Frees { get; init; }

    /// <summary>Of the allocations, those that the tag source calls tagged.</summary>
    public required long TaggedAllocations { get; init; }

    /// <summary>Pages that turned tagged while in use.</summary>
    public required long LateTags { get; init; }

    /// <summary>How the source fares against the pages seen mapped tagged; null where none was.</summary>
    public TagCoverage? TagCoverage { get; init; }

    /// <summary>One more than the highest that an event names.</summary>
    public required int Cpus { get; init; }

    /// <summary>As <c>--tag-source</c> has it.</summary>
    public required string TagSource { get; init; }

    /// <summary>Time of the last step; the first is at 0.</summary>
    public long DurationNs => Steps.IsEmpty ? 0 : Steps.Span[^1].TimeNs;
}
