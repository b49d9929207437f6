namespace Palimpsest.Kernel.Costs;

/// <summary>Counts of what a running kernel did for its processes (/proc/vmstat). Exact; nothing here is a time.</summary>
public sealed class VmStatistics
{
    /// <summary>Faults on pages that were not there, whatever they needed.</summary>
    public long MinorFaults;

    /// <summary>Faults answered with a huge page at once (thp_fault_alloc).</summary>
    public long HugeFaults;

    /// <summary>Small pages that khugepaged made one huge page of, each such time.</summary>
    public long Collapses;

    /// <summary>Writes to shared pages that got a copy.</summary>
    public long CopiesOnWrite;

    /// <summary>First accesses to pages of PROT_MTE areas without storage.</summary>
    public long FaultsOnAccess;

    /// <summary>Large folios split into base pages (thp_split_page).</summary>
    public long SplitFolios;

    /// <summary>Pages read back from swap (pswpin).</summary>
    public long SwapIns;

    /// <summary>Pages written to swap (pswpout).</summary>
    public long SwapOuts;

    /// <summary>Pages that were thrown out under pressure and came back.</summary>
    public long Refaults;

    /// <summary>Pages read from files.</summary>
    public long FileReads;

    /// <summary>Dirty pages written to files.</summary>
    public long FileWrites;

    /// <summary>Clean pages of files that were dropped under pressure.</summary>
    public long FilePagesDropped;

    /// <summary>Pages of MADV_FREE that were thrown away.</summary>
    public long LazyPagesDropped;

    /// <summary>Pages that reclaim looked at (pgscan_kswapd and pgscan_direct).</summary>
    public long PagesScanned;

    /// <summary>Times that kswapd was woken and balanced a zone.</summary>
    public long KswapdWakes;

    /// <summary>Times that a task reclaimed for its own allocation (allocstall).</summary>
    public long DirectReclaims;

    /// <summary>Pages moved by compaction.</summary>
    public long CompactedPages;

    /// <summary>Processes killed for want of memory (oom_kill).</summary>
    public long OomKills;
}
