namespace Palimpsest.Lab.Fidelity;

/// <summary>What a guided run found: decisions by path, misses, and what the recording does not say.</summary>
public sealed class GuidedTallies
{
    private readonly List<Miss> _misses = [];

    /// <summary>Chunks that a refill took off the buddy lists.</summary>
    public DecisionTally Refill { get; } = new();

    /// <summary>Pages that an allocation took off a per-CPU list.</summary>
    public DecisionTally PerCpu { get; } = new();

    /// <summary>Chunks that an allocation took off the buddy lists directly.</summary>
    public DecisionTally Buddy { get; } = new();

    /// <summary>Folios that a drain gave back, in order, once the kernel began to drain.</summary>
    public DecisionTally Drain { get; } = new();

    /// <summary>The same decisions by order, migratetype and time.</summary>
    public KindTallies Kinds { get; } = new();

    /// <summary>Decisions that differ, in order of time.</summary>
    public IReadOnlyList<Miss> Misses => _misses;

    /// <summary>Pages that left a per-CPU list without an event: the bulk allocator's.</summary>
    public long SilentAllocations { get; internal set; }

    /// <summary>Pages freed straight to the buddy lists because the lock of the per-CPU lists was held.</summary>
    public long SilentFrees { get; internal set; }

    /// <summary>Frames that a range allocation took too much and gave back, before it was done.</summary>
    public long RangeSurplus { get; internal set; }

    /// <summary>Frames that a miss proved to be in use, though the model had them free.</summary>
    public long WithdrawnFrames { get; internal set; }

    /// <summary>Events that contradict the model's state beyond what silence explains.</summary>
    public long Contradictions { get; internal set; }

    /// <summary>Pageblocks whose type an event showed to be another than the model's.</summary>
    public long Retyped { get; internal set; }

    /// <summary>Allocations from the start of the tally to the first decision of any kind that differs; null when none does.</summary>
    public long? AllocationsBeforeDivergence { get; private set; }

    internal void Count(in DecisionKind kind, long sinceStartNs, bool isPredicted, long allocations)
    {
        Of(kind.Path).Count(isPredicted);
        Kinds.Count(kind, sinceStartNs, isPredicted);
        if (!isPredicted)
        {
            AllocationsBeforeDivergence ??= allocations;
        }
    }

    internal void Record(Miss miss) => _misses.Add(miss);

    private DecisionTally Of(DecisionPath path) => path switch
    {
        DecisionPath.Refill => Refill,
        DecisionPath.PerCpu => PerCpu,
        DecisionPath.Buddy => Buddy,
        _ => Drain,
    };
}
