using Palimpsest.Lab.Trials;
using Palimpsest.Traces;

namespace Palimpsest.Lab.Inspection;

/// <summary>What a process asked for, in pages.</summary>
public sealed record ProcessPages(int Pid, string Name, long Allocated, long Tagged);

/// <summary>What is in a recording: all that its reports show.</summary>
public sealed record InspectionResult
{
    /// <summary>Format, clock, release, counts of events.</summary>
    public required RecordingFacts Recording { get; init; }

    /// <summary>As uname -r prints it; null if the file does not tell.</summary>
    public required string? KernelRelease { get; init; }

    /// <summary>Of the recorded kernel; null if the file does not tell.</summary>
    public required int? PageBytes { get; init; }

    /// <summary>Of the first and the last event of any kind, in the unit of the clock.</summary>
    public required long FirstTimeNs { get; init; }

    /// <summary>As <see cref="FirstTimeNs"/>.</summary>
    public required long LastTimeNs { get; init; }

    /// <summary>Tasks that the recording names.</summary>
    public required int Tasks { get; init; }

    /// <summary>Allocations that got pages.</summary>
    public required long Allocations { get; init; }

    /// <summary>Allocations that got none.</summary>
    public required long FailedAllocations { get; init; }

    /// <summary>Folios freed, singly or in batches.</summary>
    public required long Frees { get; init; }

    /// <summary>Allocations with __GFP_ZEROTAGS, without the huge zero folio.</summary>
    public required long FlaggedAllocations { get; init; }

    /// <summary>Times that pages were seen mapped tagged: by a probe, and by migrations.</summary>
    public required long TaggedMappings { get; init; }

    /// <summary>Of tagged pages to another frame, as the kernel's events mark them.</summary>
    public required long TaggedMigrations { get; init; }

    /// <summary>Frees of pages whose allocation the recording does not have, by what that says of their past.</summary>
    public required long InUseBefore { get; init; }

    /// <summary>Pages freed again without an allocation in between: one without an event.</summary>
    public required long HiddenAllocations { get; init; }

    /// <summary>Allocations of pages that were in use: a free without an event.</summary>
    public required long LiveReallocations { get; init; }

    /// <summary>Pages first seen as the target of a migration.</summary>
    public required long MigrationTargets { get; init; }

    /// <summary>Allocations by order, up to the highest seen.</summary>
    public required IReadOnlyList<long> AllocationsByOrder { get; init; }

    /// <summary>Sets of allocation flags, by the kernel's names, with their allocations, most first.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> GfpSets { get; init; }

    /// <summary>By the pages that they allocated, most first.</summary>
    public required IReadOnlyList<ProcessPages> Processes { get; init; }

    /// <summary>What the recording can answer, in the order in which a user asks.</summary>
    public required IReadOnlyList<Answerable> Answers { get; init; }

    /// <summary>Frees of pages whose allocation the recording does not have.</summary>
    public long UnknownFrees => InUseBefore + HiddenAllocations;

    /// <summary>Times are nanoseconds, not ticks or event numbers.</summary>
    public bool HasTime => Recording.Clock == TraceClock.Time;
}

/// <summary>A recording to look into; memory does not grow with its length.</summary>
public sealed record InspectionTrial(RecordingInput Recording)
{
    /// <exception cref="Vocabulary.InputException">The file is no usable recording.</exception>
    public InspectionResult Run(TrialProgress? progress = null)
    {
        TraceReadOptions options = new()
        {
            Progress = progress?.Reading, KernelRelease = Recording.KernelRelease, Filter = Recording.Part,
            StandardInput = Recording.StandardInput,
        };
        return TraceDigest.Read(Recording.Path, options).Result(Recording.NameInReports);
    }
}
