using Palimpsest.Designs;
using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>What to verify, and how.</summary>
/// <param name="Start">Snapshot from when the recording began; null when there is none.</param>
/// <param name="End">Snapshot from when it ended; null when there is none.</param>
/// <param name="Tallied">Events whose decisions are tallied; the others are followed.</param>
public sealed record VerificationOptions(SnapshotFolder? Start, SnapshotFolder? End, MachineOptions Machine, TraceFilter Tallied)
{
    /// <summary>What the recorded kernel did with its tag storage; null to read it off the recording.</summary>
    public DesignChoice? Design { get; init; }

    /// <summary>Snapshots of all moments, in the order of time.</summary>
    public IReadOnlyList<SnapshotMoment> Moments { get; init; } = [];
}

/// <summary>The run that nothing corrected, beside the kernel.</summary>
/// <param name="End">When the recording ends.</param>
/// <param name="Moments">Where snapshots were taken, the one at the end among them.</param>
public sealed record FreeRun(Agreement End, IReadOnlyList<MomentAgreement> Moments, IReadOnlyList<LawViolation> Violations)
{
    /// <summary>Tag storage over time; null where the recorded kernel lent none.</summary>
    public StorageCourse? Storage { get; init; }
}

/// <summary>Model and kernel where a snapshot was taken.</summary>
public sealed record MomentAgreement(SnapshotMoment Moment, Agreement Agreement);

/// <summary>How well the allocator agrees with the kernel that made a recording.</summary>
public sealed class Verification
{
    private readonly Trace _trace;
    private readonly MemoryLayout _layout;
    private readonly VerificationOptions _options;

    // What the recorded kernel did with its tag storage: nothing, or what RFC v3 does.
    private readonly DesignChoice _design;

    /// <summary>Nothing is run yet. The recording has to have the events of the page allocator.</summary>
    public Verification(Trace trace, MemoryLayout layout, VerificationOptions options)
    {
        _trace = trace;
        _layout = layout;
        _options = options;
        _design = options.Design ?? RecordedDesign.Of(trace, layout, (options.End ?? options.Start)?.CommandLine);
    }

    /// <summary>Both runs, in numbers.</summary>
    /// <param name="name">What reports call the recording.</param>
    public VerificationResult Result(string name, string boardName)
    {
        GuidedRun? guided = CanGuide ? Guide() : null;
        FreeRun free = RunFree();
        // Without kpageflags the guided run takes every page that no event names as in use: its end says nothing.
        bool knowsEnd = guided is not null && _options.End?.PageFlags(_layout) is not null;
        return new VerificationResult
        {
            Recording = RecordingFacts.Of(name, _trace),
            BoardName = boardName,
            Tallied = _options.Tallied,
            Guided = guided is null ? null : GuidedResult.Of(guided, _trace),
            GuidedEnd = knowsEnd ? Agreement.Of(guided!.System, _trace, _options.End) : null,
            FreeEnd = free.End,
            Moments = [.. free.Moments.Select(MomentOf)],
            Storage = free.Storage,
            StorageDesign = free.Storage is null ? null : $"{_design.Name}:{_design.ParameterText}",
            Violations = free.Violations,
        };
    }

    private static MomentResult MomentOf(MomentAgreement at) =>
        new(at.Moment.Name, at.Moment.Events, at.Moment.TimeNs, at.Moment.UncertainPages, at.Agreement);

    /// <summary>Page by page is possible only where refills were recorded.</summary>
    public bool CanGuide => _trace.EventsByType.Any(entry => entry.Key == "mm_page_alloc_zone_locked");

    /// <summary>Follows the recording; stops before an event when asked to.</summary>
    public GuidedRun Guide(long stopBefore = long.MaxValue)
    {
        PageFlagsSnapshot? flags = _options.End?.PageFlags(_layout) ?? _options.Start?.PageFlags(_layout);
        MemorySystem system = new(_layout, _design.Create(), _options.Machine with { StartsEmpty = true });
        GuidedRun run = new(_trace, system, flags, new TalliedEvents(_options.Tallied, _trace));
        run.Run(stopBefore);
        return run;
    }

    /// <summary>Replays the recording on the model's own decisions alone.</summary>
    public FreeRun RunFree()
    {
        IStartState? start = (_options.Start ?? _options.End)?.StartState(_layout);
        Workload workload = WorkloadBuilder.Build(_trace, _layout,
            new WorkloadOptions(TagSource.Flag, 0, start, _options.Start?.PerCpuCounts, _options.Start?.FreeChunks));
        WorkloadReplay replay = new(workload, _layout, _design.Create(), _options.Machine, CostTable.Default);
        FollowedStorage? storage = TagStorageEvents.AreIn(_trace)
            ? new FollowedStorage(_trace, _layout, replay, workload.DurationNs)
            : null;
        List<MomentAgreement> moments = [];
        foreach (SnapshotMoment moment in _options.Moments)
        {
            storage?.RunUntil(moment.TimeNs);
            replay.RunUntil(moment.TimeNs);
            moments.Add(new MomentAgreement(moment, Agreement.Of(replay.System, _trace, moment.Folder, moment.Events)));
        }

        storage?.RunUntil(long.MaxValue);
        replay.Run(timeLine: null, progress: null, CancellationToken.None);
        return new FreeRun(Agreement.Of(replay.System, _trace, _options.End), moments, replay.System.Audit()) { Storage = storage?.Course };
    }
}
