using Palimpsest.Kernel.Costs;
using Palimpsest.Lab.ClosedLoops;

namespace Palimpsest.Lab.Trials;

/// <summary>What the processes of a closed loop met, as <see cref="VmStatistics"/> names it.</summary>
public sealed record LoopCounts
{
    public long MinorFaults { get; init; }

    public long HugeFaults { get; init; }

    public long CopiesOnWrite { get; init; }

    public long FaultsOnAccess { get; init; }

    public long SwapIns { get; init; }

    public long SwapOuts { get; init; }

    public long Refaults { get; init; }

    public long FileReads { get; init; }

    public long FileWrites { get; init; }

    public long FilePagesDropped { get; init; }

    public long PagesScanned { get; init; }

    public long KswapdWakes { get; init; }

    public long DirectReclaims { get; init; }

    public long CompactedPages { get; init; }

    public long OomKills { get; init; }

    /// <summary>Pages that had to go for others: swapped out, or clean file pages thrown out.</summary>
    public long Reclaimed => SwapOuts + FilePagesDropped;

    /// <summary>The same but for what filled memory alone.</summary>
    internal LoopCounts Without(FillingReader? reader) => reader is null ? this
        : this with { FileReads = FileReads - reader.Pages, FilePagesDropped = FilePagesDropped - reader.Dropped };

    public static LoopCounts Of(VmStatistics events) => new()
    {
        MinorFaults = events.MinorFaults,
        HugeFaults = events.HugeFaults,
        CopiesOnWrite = events.CopiesOnWrite,
        FaultsOnAccess = events.FaultsOnAccess,
        SwapIns = events.SwapIns,
        SwapOuts = events.SwapOuts,
        Refaults = events.Refaults,
        FileReads = events.FileReads,
        FileWrites = events.FileWrites,
        FilePagesDropped = events.FilePagesDropped,
        PagesScanned = events.PagesScanned,
        KswapdWakes = events.KswapdWakes,
        DirectReclaims = events.DirectReclaims,
        CompactedPages = events.CompactedPages,
        OomKills = events.OomKills,
    };
}
