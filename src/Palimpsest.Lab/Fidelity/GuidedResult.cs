using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>Decisions of one path, order and migratetype.</summary>
public sealed record KindTally(DecisionPath Path, int Order, MigrateType Type, Tally Tally);

/// <summary>One decision in which the model and the recorded kernel differ, with the pages by their pfns.</summary>
/// <param name="Event">Index of the event in the recording.</param>
/// <param name="Model">Page that the model proposed; null for none.</param>
/// <param name="Kernel">Page that the kernel took; null where the board does not have it.</param>
public sealed record MissedPage(long Event, long TimeNs, DecisionPath Path, int Order, MigrateType Type, ulong? Model, ulong? Kernel,
    string Cause);

/// <summary>What a guided run found, in numbers.</summary>
public sealed record GuidedResult
{
    /// <summary>Chunks that a refill took off the buddy lists.</summary>
    public required Tally Refill { get; init; }

    /// <summary>Pages that an allocation took off a per-CPU list.</summary>
    public required Tally PerCpu { get; init; }

    /// <summary>Chunks that an allocation took off the buddy lists directly.</summary>
    public required Tally Buddy { get; init; }

    /// <summary>Folios that a drain gave back.</summary>
    public required Tally Drain { get; init; }

    /// <inheritdoc cref="GuidedRun.RangesFree"/>
    public required Tally RangesFree { get; init; }

    /// <inheritdoc cref="GuidedRun.RangeMoves"/>
    public required Tally RangeMoves { get; init; }

    /// <inheritdoc cref="GuidedRun.Own"/>
    public required Tally Own { get; init; }

    /// <inheritdoc cref="GuidedRun.OwnRefills"/>
    public required Tally OwnRefills { get; init; }

    /// <inheritdoc cref="GuidedRun.OwnDrains"/>
    public required Tally OwnDrains { get; init; }

    /// <summary>The guided decisions in the order of path, order and type.</summary>
    public required IReadOnlyList<KindTally> ByKind { get; init; }

    /// <summary>The same by <see cref="KindTallies.BucketNs"/> of the recording, from the first event on.</summary>
    public required IReadOnlyList<Tally> ByTime { get; init; }

    /// <summary>Decisions that differ, in order of time.</summary>
    public required IReadOnlyList<MissedPage> Misses { get; init; }

    /// <summary>Allocations to the first decision that differs; null when none does.</summary>
    public required long? AllocationsBeforeDivergence { get; init; }

    /// <inheritdoc cref="GuidedTallies.SilentAllocations"/>
    public required long SilentAllocations { get; init; }

    /// <inheritdoc cref="GuidedTallies.SilentFrees"/>
    public required long SilentFrees { get; init; }

    /// <inheritdoc cref="GuidedTallies.RangeSurplus"/>
    public required long RangeSurplus { get; init; }

    /// <summary>Pages that were conceded to the kernel, as their place in the model could not be as recorded.</summary>
    public required long WithdrawnFrames { get; init; }

    /// <summary>Events that do not fit the model's state, beyond what silence explains.</summary>
    public required long Contradictions { get; init; }

    /// <inheritdoc cref="GuidedRun.LimitsLearned"/>
    public required int LimitsLearned { get; init; }

    /// <inheritdoc cref="GuidedRun.FreeAtStart"/>
    public required int FreeAtStart { get; init; }

    /// <inheritdoc cref="GuidedRun.TypedBlocks"/>
    public required int TypedBlocks { get; init; }

    /// <summary>Decisions about tag storage; null where the recorded kernel lent none.</summary>
    public StorageResult? Storage { get; init; }

    /// <summary>Time of the first event, from which buckets are counted.</summary>
    public required long OriginNs { get; init; }

    /// <summary>The numbers of a run that has ended, with the pfns of its recording.</summary>
    public static GuidedResult Of(GuidedRun run, Trace trace)
    {
        GuidedTallies tallies = run.Tallies;
        return new GuidedResult
        {
            Refill = tallies.Refill.Sum,
            PerCpu = tallies.PerCpu.Sum,
            Buddy = tallies.Buddy.Sum,
            Drain = tallies.Drain.Sum,
            RangesFree = run.RangesFree.Sum,
            RangeMoves = run.RangeMoves.Sum,
            Own = run.Own.Sum,
            OwnRefills = run.OwnRefills.Sum,
            OwnDrains = run.OwnDrains.Sum,
            ByKind = [.. tallies.Kinds.ByKind
                .Select(entry => new KindTally(entry.Key.Path, entry.Key.Order, entry.Key.Type, entry.Value.Sum))],
            ByTime = [.. tallies.Kinds.ByTime.Select(tally => tally.Sum)],
            Misses = [.. tallies.Misses.Select(miss => PageOf(run, miss))],
            AllocationsBeforeDivergence = tallies.AllocationsBeforeDivergence,
            SilentAllocations = tallies.SilentAllocations,
            SilentFrees = tallies.SilentFrees,
            RangeSurplus = tallies.RangeSurplus,
            WithdrawnFrames = tallies.WithdrawnFrames,
            Contradictions = tallies.Contradictions,
            LimitsLearned = run.LimitsLearned,
            FreeAtStart = run.FreeAtStart,
            TypedBlocks = run.TypedBlocks,
            Storage = run.Storage is { } storage ? StorageResult.Of(run, storage) : null,
            OriginNs = trace.Events.Count == 0 ? 0 : trace.Events[0].TimeNs,
        };
    }

    private static MissedPage PageOf(GuidedRun run, Miss miss) =>
        new(miss.Event, miss.TimeNs, miss.Path, miss.Order, miss.Type, Pfn(run, miss.Model), Pfn(run, miss.Kernel), miss.Cause);

    private static ulong? Pfn(GuidedRun run, Frame frame) => frame.IsNone ? null : run.System.Layout.PfnOf(frame.Index).Value;
}
