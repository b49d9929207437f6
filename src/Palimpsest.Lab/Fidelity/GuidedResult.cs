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
    public required Tally Refill { get; init; }

    public required Tally PerCpu { get; init; }

    public required Tally Buddy { get; init; }

    public required Tally Drain { get; init; }

    public required Tally RangesFree { get; init; }

    public required Tally RangeMoves { get; init; }

    public required Tally Own { get; init; }

    public required Tally OwnRefills { get; init; }

    public required Tally OwnDrains { get; init; }

    /// <summary>The guided decisions in the order of path, order and type.</summary>
    public required IReadOnlyList<KindTally> ByKind { get; init; }

    /// <summary>The same by <see cref="KindTallies.BucketNs"/> of the recording, from the first event on.</summary>
    public required IReadOnlyList<Tally> ByTime { get; init; }

    public required IReadOnlyList<MissedPage> Misses { get; init; }

    /// <summary>Allocations to the first decision that differs; null when none does.</summary>
    public required long? AllocationsBeforeDivergence { get; init; }

    public required long SilentAllocations { get; init; }

    public required long SilentFrees { get; init; }

    public required long RangeSurplus { get; init; }

    public required long WithdrawnFrames { get; init; }

    public required long Contradictions { get; init; }

    public required int LimitsLearned { get; init; }

    public required int FreeAtStart { get; init; }

    public required int TypedBlocks { get; init; }

    /// <summary>Decisions about tag storage; null where the recorded kernel lent none.</summary>
    public StorageResult? Storage { get; init; }

    /// <summary>Time of the first event, from which buckets are counted.</summary>
    public required long OriginNs { get; init; }

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
