namespace Palimpsest.Lab.Fidelity;

/// <summary>One answer about tag storage that is not the recorded kernel's, with the page by its pfn.</summary>
/// <param name="Event">Index of the event in the recording.</param>
public sealed record MissedStorage(
    long Event, long TimeNs, StorageQuestion Question, ulong Pfn, string Model, string Kernel, string Cause);

/// <summary>What a guided run found about tag storage, in numbers.</summary>
/// <param name="Contradictions">Blocks of whose state the model thought otherwise when the kernel took or gave one back.</param>
/// <param name="ReservedAtStart">Pages that had storage when the recording began.</param>
public sealed record StorageResult(
    Tally Path, Tally Block, Tally Moves, Tally Release, Tally Mark, Tally Fault, Tally Occupancy, IReadOnlyList<MissedStorage> Misses,
    long Contradictions, int ReservedAtStart)
{
    /// <summary>The numbers of a run that has ended.</summary>
    public static StorageResult Of(GuidedRun run, StorageTallies tallies)
    {
        Tally Sum(StorageQuestion question) => tallies.Of(question).Sum;
        return new StorageResult(
            Sum(StorageQuestion.Path), Sum(StorageQuestion.Block), Sum(StorageQuestion.Moves), Sum(StorageQuestion.Release),
            Sum(StorageQuestion.Mark), Sum(StorageQuestion.Fault), Sum(StorageQuestion.Occupancy),
            [.. tallies.Misses.Select(miss => new MissedStorage(
                miss.Event, miss.TimeNs, miss.Question, run.System.Layout.PfnOf(miss.Page.Index).Value, miss.Model, miss.Kernel,
                miss.Cause))],
            tallies.Contradictions, tallies.ReservedAtStart);
    }

    /// <summary>Each question and its tally, in the order of the questions.</summary>
    public IReadOnlyList<(StorageQuestion Question, Tally Tally)> Questions =>
    [
        (StorageQuestion.Path, Path), (StorageQuestion.Block, Block), (StorageQuestion.Moves, Moves),
        (StorageQuestion.Release, Release), (StorageQuestion.Mark, Mark), (StorageQuestion.Fault, Fault),
        (StorageQuestion.Occupancy, Occupancy),
    ];
}
