using System.Text.Json.Serialization;
using Palimpsest.Designs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Replay;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>A comparison to make: what each design gives back on a recording, and what it costs.</summary>
/// <param name="Recording">Its part, if any, is of the pages that the chosen processes and CPUs allocate, to the end of their
/// lives.</param>
public sealed record ComparisonTrial(RecordingInput Recording, BoardInput Board)
{
    private const int MostCpus = 4096;

    /// <summary>The machine that was recorded: its carve-out is hidden.</summary>
    private const string RecordedDesign = "static";

    /// <summary>NAME or NAME:PARAMETER=VALUE,...; all designs where none is named.</summary>
    public IReadOnlyList<string> Designs { get; set; } = [];

    /// <summary>Each design whose storage can be taken by either engine of reservations stands there with both.</summary>
    public bool BothEngines { get; init; }

    /// <summary>Designs of one's own, which can be named like those of the catalog; not kept in JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<DesignEntry> Own { get; init; } = [];

    /// <summary>Rows of the table: designs, some with two engines.</summary>
    /// <exception cref="UsageException">No such design or parameter, or a value out of range.</exception>
    [JsonIgnore]
    public int Rows => DesignFacts.Chosen(Designs, Own, BothEngines).Count;

    /// <summary>As <see cref="Workloads.TagSource.Parse"/> reads it.</summary>
    public string TagSource { get; set; } = "flag";

    /// <summary>Folder with copies of /proc files from the start of the recording; null without one.</summary>
    public string? SnapshotPath { get; init; }

    /// <summary>Memory in use at the start, where there is no snapshot; inferred from the events without either.</summary>
    public ulong? UsedBytes { get; init; }

    /// <summary>Share of movable pages that cannot be migrated, 0 to 1.</summary>
    public double PinnedShare { get; init; }

    /// <summary>As the recording shows without it.</summary>
    public int? Cpus { get; init; }

    /// <summary>False for a kernel with transparent_hugepage=never.</summary>
    public bool TransparentHugePages { get; set; } = true;

    /// <summary>A page cache takes what is free; null for the memory of the recording, most of which may be free.</summary>
    public FullMachine? Full { get; set; }

    /// <summary>Prices of the modelled times; counts do not depend on them.</summary>
    public CostTable Costs { get; set; } = CostTable.Default;

    /// <summary>Keeps how memory fares under each design, beside the figures; null where nobody asks. Not kept in JSON.</summary>
    [JsonIgnore]
    public CourseRequest? Courses { get; init; }

    /// <exception cref="UsageException">Something in the description cannot be.</exception>
    /// <exception cref="InputException">A file cannot be read or used.</exception>
    public ComparisonResult Run(TrialProgress? progress = null, CancellationToken cancellation = default)
    {
        IReadOnlyList<DesignChoice> designs = DesignFacts.Chosen(Designs, Own, BothEngines);
        (PreparedParts prepared, SnapshotFolder? snapshot) = PrepareWith(shared: null, progress);
        Courses?.Begun?.Invoke(CourseStart.Of(
            [.. designs.Select(DesignFacts.Of)], prepared.Layout, prepared.Trace.Clock, prepared.Workload.DurationNs));
        DesignRuns<DesignResult> runs = prepared.Under(Full, Courses).Run(designs, progress?.Running, cancellation);
        IReadOnlyList<DesignResult> results = runs.Results;
        IReadOnlyList<DesignResult> replayed = Full is null ? []
            : prepared.Under(full: null).Run(designs, progress?.Running, cancellation).Results;
        Pressure? pressure = snapshot is null || Recording.Part is not null ? null : Pressure.Find(prepared.Trace, snapshot);
        if ((Full is null ? results : replayed).FirstOrDefault(result => result.Design.Name == RecordedDesign) is { } recordedMachine)
        {
            pressure = pressure?.With(recordedMachine);
        }

        RulesUsed rules = prepared.Recorded.Rules;
        RecordedPlacement? placement = RecordedPlacement.Of(prepared.Workload, prepared.Layout);
        return new ComparisonResult
        {
            Placement = placement,
            Recording = RecordingFacts.Of(Recording.NameInReports, prepared.Trace),
            Workload = WorkloadFacts.Of(prepared.Workload),
            Board = BoardFacts.Of(prepared.Recorded.Name, prepared.Layout),
            Facts = prepared.Recorded.Facts,
            Rules = rules,
            Costs = Costs,
            PinnedShare = PinnedShare,
            Designs = Full is null ? Known(results, pressure) : results,
            Unfit = runs.Unfit,
            Full = Full,
            Replayed = Known(replayed, pressure),
            Pressure = pressure,
            Assumptions = [
                .. Assumptions.Of(prepared.Trace, prepared.Workload, prepared.Layout, PinnedShare, prepared.StartText, pressure),
                .. Assumptions.OfView(Full), .. Assumptions.OfPlacement(placement, Full is null ? results : replayed), rules.Sentence,
                .. prepared.StartNote is { } note ? [note] : Array.Empty<string>()],
        };
    }

    /// <summary>Reads the recording alone, for who makes several comparisons of it.</summary>
    /// <exception cref="InputException">A file cannot be read or used.</exception>
    public Trace Read() => Read(Snapshot(), progress: null);

    /// <summary>Reads the machine and makes all ready for replays, which can then be run one by one.</summary>
    /// <param name="shared">What <see cref="Read()"/> of a trial with the same recording, release and snapshot gave.</param>
    /// <exception cref="UsageException">Something in the description cannot be.</exception>
    /// <exception cref="InputException">A file cannot be read or used.</exception>
    public PreparedComparison Prepare(Trace? shared = null) => new(PrepareWith(shared, progress: null).Prepared);

    private (PreparedParts Prepared, SnapshotFolder? Snapshot) PrepareWith(Trace? shared, TrialProgress? progress)
    {
        TagSource tagSource = CheckedTagSource();
        Recording.Require();
        SnapshotFolder? snapshot = Snapshot();
        Board.Check(snapshot);
        Trace trace = shared ?? Read(snapshot, progress);
        RecordedMachine recorded = Board.Read(snapshot, trace, Recording.KernelRelease);
        MemoryLayout layout = MemoryLayout.For(recorded.Board, recorded.Geometry);
        (IStartState? start, string startText) = StartOf(snapshot, layout);
        Workload workload = WorkloadBuilder.Build(trace, layout,
            new WorkloadOptions(tagSource, PinnedShare, start, snapshot?.PerCpuCounts, snapshot?.FreeChunks)
        {
            TaggedAtSnapshots = tagSource == Workloads.TagSource.Snapshot ? TaggedPages.Find(trace, layout, snapshot!) : [],
        });
        RequireAllocations(workload);
        MachineOptions machine = new(CpusOf(workload, snapshot), TransparentHugePages && !recorded.Board.NoHugePages)
        {
            Unmanaged = snapshot?.Unmanaged ?? [],
            PerCpuHighs = snapshot?.PerCpuHighs ?? [],
            Release = recorded.Release ?? KernelRelease.Linux61,
        };
        return (new PreparedParts(trace, recorded, layout, workload, machine, Costs, Own, startText, start?.Note), snapshot);
    }

    private SnapshotFolder? Snapshot() => SnapshotPath is null ? null : SnapshotFolder.Read(SnapshotPath);

    private Trace Read(SnapshotFolder? snapshot, TrialProgress? progress) => Recording.Read(
        progress?.Reading, Recording.Part is { } part ? part with { FollowsPages = true } : null, snapshot?.Log?.Release);

    private static IReadOnlyList<DesignResult> Known(IReadOnlyList<DesignResult> replayed, Pressure? pressure) =>
        pressure is { IsUnmet: true } ? [.. replayed.Select(result => result with { KnowsUse = false })] : replayed;

    private TagSource CheckedTagSource()
    {
        TagSource source = Workloads.TagSource.Parse(TagSource);
        if (PinnedShare is not (>= 0 and <= 1))
        {
            throw new UsageException($"--pinned {PinnedShare}: give a share from 0 to 1");
        }

        if (UsedBytes is not null && SnapshotPath is not null)
        {
            throw new UsageException("--used: the snapshot tells what is in use at the start, that of the sample too; leave one out");
        }

        return source != Workloads.TagSource.Snapshot || SnapshotPath is not null
            ? source
            : throw new UsageException("--tag-source snapshot: give the folder with the kpageflags, --snapshot DIR");
    }

    private (IStartState? State, string Text) StartOf(SnapshotFolder? snapshot, MemoryLayout layout)
    {
        if (snapshot is not null)
        {
            return (snapshot.StartState(layout), $"from the snapshot {Path.GetFileName(Path.TrimEndingDirectorySeparator(SnapshotPath!))}");
        }

        return UsedBytes is { } used
            ? (new UsedFrames((long)(used >> layout.Geometry.PageShift)), "memory in use as given by --used")
            : (null, "memory in use inferred from the events; what no event names counts as free (--snapshot, --used)");
    }

    private void RequireAllocations(Workload workload)
    {
        if (workload.Allocations == 0 && Recording.Part is { } part)
        {
            string sentence = (part with { FollowsPages = false }).Sentence().TrimEnd('.');
            throw new UsageException(
                $"{Recording.Path}: no allocation is left by the filters ({sentence}); inspect shows which processes and times there are");
        }

        if (workload.TaggedAllocations == 0 && TagSource.StartsWith(Workloads.TagSource.PolicyPrefix, StringComparison.Ordinal))
        {
            throw new UsageException($"--tag-source {TagSource}: no page of such a process is in the recording, nothing would be tagged; "
                + "inspect shows which processes there are");
        }
    }

    private int CpusOf(Workload workload, SnapshotFolder? snapshot)
    {
        int cpus = Cpus ?? Math.Max(workload.Cpus, snapshot?.Cpus ?? 1);
        return cpus >= workload.Cpus && cpus <= MostCpus
            ? cpus
            : throw new UsageException($"--cpus {cpus}: the recording has events of {workload.Cpus} CPUs, and {MostCpus:N0} are the most");
    }
}
