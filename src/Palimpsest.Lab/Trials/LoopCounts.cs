using Palimpsest.Kernel.Costs;
using Palimpsest.Lab.ClosedLoops;

namespace Palimpsest.Lab.Trials;

/// <summary>What the processes of a closed loop met, as <see cref="VmStatistics"/> names it.</summary>
public sealed record LoopCounts
{
    /// <inheritdoc cref="VmStatistics.MinorFaults"/>
    public long MinorFaults { get; init; }

    /// <inheritdoc cref="VmStatistics.HugeFaults"/>
    public long HugeFaults { get; init; }

    /// <inheritdoc cref="VmStatistics.CopiesOnWrite"/>
    public long CopiesOnWrite { get; init; }

    /// <inheritdoc cref="VmStatistics.FaultsOnAccess"/>
    public long FaultsOnAccess { get; init; }

    /// <inheritdoc cref="VmStatistics.SwapIns"/>
    public long SwapIns { get; init; }

    /// <inheritdoc cref="VmStatistics.SwapOuts"/>
    public long SwapOuts { get; init; }

    /// <inheritdoc cref="VmStatistics.Refaults"/>
    public long Refaults { get; init; }

    /// <inheritdoc cref="VmStatistics.FileReads"/>
    public long FileReads { get; init; }

    /// <inheritdoc cref="VmStatistics.FileWrites"/>
    public long FileWrites { get; init; }

    /// <inheritdoc cref="VmStatistics.FilePagesDropped"/>
    public long FilePagesDropped { get; init; }

    /// <inheritdoc cref="VmStatistics.PagesScanned"/>
    public long PagesScanned { get; init; }

    /// <inheritdoc cref="VmStatistics.KswapdWakes"/>
    public long KswapdWakes { get; init; }

    /// <inheritdoc cref="VmStatistics.DirectReclaims"/>
    public long DirectReclaims { get; init; }

    /// <inheritdoc cref="VmStatistics.CompactedPages"/>
    public long CompactedPages { get; init; }

    /// <inheritdoc cref="VmStatistics.OomKills"/>
    public long OomKills { get; init; }

    /// <summary>Pages that had to go for others: swapped out, or clean file pages thrown out.</summary>
    public long Reclaimed => SwapOuts + FilePagesDropped;

    /// <summary>The same but for what filled memory alone.</summary>
    internal LoopCounts Without(FillingReader? reader) => reader is null ? this
        : this with { FileReads = FileReads - reader.Pages, FilePagesDropped = FilePagesDropped - reader.Dropped };

    /// <summary>Those that a result keeps, as they are now.</summary>
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
