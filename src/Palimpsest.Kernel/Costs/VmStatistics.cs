namespace Palimpsest.Kernel.Costs;

/// <summary>Counts of what a running kernel did for its processes (/proc/vmstat). Exact; nothing here is a time.</summary>
public sealed class VmStatistics
{
    /// <summary>Faults on pages that were not there, whatever they needed.</summary>
    public long MinorFaults;
    public long HugeFaults;

    /// <summary>Small pages that khugepaged made one huge page of, each such time.</summary>
    public long Collapses;
    public long CopiesOnWrite;

    /// <summary>First accesses to pages of PROT_MTE areas without storage.</summary>
    public long FaultsOnAccess;
    public long SplitFolios;
    public long SwapIns;
    public long SwapOuts;

    /// <summary>Pages that were thrown out under pressure and came back.</summary>
    public long Refaults;
    public long FileReads;
    public long FileWrites;
    public long FilePagesDropped;

    /// <summary>Pages of MADV_FREE that were thrown away.</summary>
    public long LazyPagesDropped;
    public long PagesScanned;
    public long KswapdWakes;
    public long DirectReclaims;
    public long CompactedPages;
    public long OomKills;
}
