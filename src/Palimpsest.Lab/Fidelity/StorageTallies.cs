using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>What a model of dynamic tag storage is asked at each step of a recording.</summary>
public enum StorageQuestion : byte
{
    /// <summary>How does a page get its storage: has it, blocks present, free, to be emptied, not to be had?</summary>
    Path,

    /// <summary>Which block is the first, and how many are needed?</summary>
    Block,

    /// <summary>How many pages must leave a block that is not free?</summary>
    Moves,

    /// <summary>How many blocks does the free of a page give back?</summary>
    Release,

    /// <summary>How many pages of a batch lack storage, so that it is mapped fault-on-access?</summary>
    Mark,

    /// <summary>How does a fault on such a page end?</summary>
    Fault,

    /// <summary>Does a page come to lie in tag storage?</summary>
    Occupancy,
}

/// <summary>One answer about tag storage that is not the recorded kernel's.</summary>
/// <param name="Event">Index of the event in the recording.</param>
/// <param name="AskedAt">Index of the event at which the model answered; a reservation begins before it ends.</param>
/// <param name="Page">The page that it is about.</param>
public sealed record StorageMiss(
    long Event, long AskedAt, long TimeNs, StorageQuestion Question, Frame Page, string Model, string Kernel, string Cause);

/// <summary>How often the model answers as the kernel that runs RFC v3 did.</summary>
public sealed class StorageTallies
{
    private readonly DecisionTally[] _tallies = [.. Enum.GetValues<StorageQuestion>().Select(_ => new DecisionTally())];
    private readonly List<StorageMiss> _misses = [];

    /// <summary>Answers that differ, in order of time.</summary>
    public IReadOnlyList<StorageMiss> Misses => _misses;

    /// <summary>Blocks of whose state the model thought otherwise when the kernel took or gave one back.</summary>
    public long Contradictions { get; internal set; }

    /// <summary>Pages that had storage when the recording began.</summary>
    public int ReservedAtStart { get; internal set; }

    /// <summary>How often the model answers one kind of question as the kernel did.</summary>
    public DecisionTally Of(StorageQuestion question) => _tallies[(int)question];

    internal void Record(StorageMiss miss) => _misses.Add(miss);
}
