using Palimpsest.Designs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Lab.Fidelity;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Trials;

/// <summary>A verification to make: how often the model decides as the recorded kernel did.</summary>
/// <param name="Recording">All events are followed, else the lists would not be the kernel's; those of its part are tallied.</param>
public sealed record VerificationTrial(RecordingInput Recording, BoardInput Board)
{
    /// <summary>Folder with copies of /proc files from the end of the recording; null without one.</summary>
    public string? EndPath { get; init; }

    /// <summary>The same from its start.</summary>
    public string? StartPath { get; init; }

    /// <summary>
    /// Compare at the snapshots of the folders beside that of the end too, and start from the last taken before the first event.
    /// </summary>
    public bool UsesSiblings { get; set; } = true;

    /// <summary>
    /// What the recorded kernel does with its tag storage, as the command line writes a design; null to read it off the recording.
    /// </summary>
    public string? Design { get; init; }

    /// <summary>False for a kernel with transparent_hugepage=never.</summary>
    public bool TransparentHugePages { get; set; } = true;

    /// <exception cref="UsageException">Something in the description cannot be.</exception>
    /// <exception cref="InputException">A file cannot be read or used.</exception>
    public VerificationResult Run(TrialProgress? progress = null)
    {
        Prepared given = Prepare(progress);
        return given.Verification.Result(Recording.NameInReports, given.Machine.Name) with
        {
            Notes = [.. given.Trace.Notes, .. given.Machine.Notes],
            Facts = given.Machine.Facts,
            Rules = given.Machine.Rules,
        };
    }

    /// <summary>
    /// The lists as they stood before a miss, from 1 on, and the rule that separates the model from the kernel, in lines.
    /// </summary>
    /// <exception cref="UsageException">There is no such miss.</exception>
    public IReadOnlyList<string> Explain(int number, TrialProgress? progress = null)
    {
        Prepared given = Prepare(progress);
        if (!given.Verification.CanGuide)
        {
            throw new UsageException(
                "--explain: the recording has no refills (mm_page_alloc_zone_locked), so there is no page-by-page run to explain");
        }

        GuidedRun whole = given.Verification.Guide();
        IReadOnlyList<Miss> misses = whole.Tallies.Misses;
        IReadOnlyList<StorageMiss> storage = whole.Storage?.Misses ?? [];
        if (number < 1 || number > misses.Count + storage.Count)
        {
            throw new UsageException($"--explain {number}: the run has {misses.Count + storage.Count:N0} misses; give a number from 1");
        }

        if (number > misses.Count)
        {
            StorageMiss missed = storage[number - misses.Count - 1];
            return [.. StorageExplanation.Lines(given.Verification.Guide(stopBefore: missed.AskedAt), given.Trace, missed, number)];
        }

        Miss miss = misses[number - 1];
        GuidedRun before = given.Verification.Guide(stopBefore: miss.Event);
        return [.. MissExplanation.Lines(before, miss, number, new CpuId(given.Trace.Events[miss.Event].Cpu))];
    }

    private Prepared Prepare(TrialProgress? progress)
    {
        Recording.Require();
        SnapshotFolder? end = EndPath is null ? null : SnapshotFolder.Read(EndPath);
        SnapshotFolder? start = StartPath is null ? null : SnapshotFolder.Read(StartPath);
        if (start is not null && end is not null && !start.IsOfSameMachine(end))
        {
            throw new InputException($"{start.ZoneInfoPlace}: has other zones than {end.ZoneInfoPlace}; give two snapshots of one machine");
        }

        SnapshotFolder? snapshot = end ?? start;
        Board.Check(snapshot);
        Trace trace = Recording.Read(progress?.Reading, part: null, snapshot?.Log?.Release);
        RecordedMachine recorded = Board.Read(snapshot, trace, Recording.KernelRelease);
        MemoryLayout layout = MemoryLayout.For(recorded.Board, recorded.Geometry);
        bool hasHugePages = TransparentHugePages && !recorded.Board.NoHugePages;
        MachineOptions machine = new(Math.Max(trace.Cpus, end?.Cpus ?? 1), hasHugePages)
        {
            Unmanaged = end?.Unmanaged ?? [],
            Release = recorded.Release ?? KernelRelease.Linux61,
        };
        RecordedMoments moments = end is null || !UsesSiblings ? new RecordedMoments() : RecordedMoments.Find(trace, end, end.Siblings());
        start ??= moments.Start;
        machine = machine with { PerCpuHighs = start?.PerCpuHighs ?? [] };
        VerificationOptions options = new(start, end, machine, Recording.Part ?? new TraceFilter())
        {
            Moments = moments.All,
            Design = Design is null ? null : DesignCatalog.Parse(Design),
        };
        return new Prepared(trace, recorded, new Verification(trace, layout, options));
    }

    private sealed record Prepared(Trace Trace, RecordedMachine Machine, Verification Verification);
}
