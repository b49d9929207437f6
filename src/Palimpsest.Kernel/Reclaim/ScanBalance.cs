using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Swap;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>
/// How many pages of each list a round of reclaim looks at: anonymous memory and files by swappiness and by what each has cost of late
/// (prepare_scan_count and get_scan_count, mm/vmscan.c, 6.1).
/// </summary>
internal sealed class ScanBalance(MemorySystem memory, FolioOwners owners, SwapDevice swap)
{
    /// <summary>vm.swappiness: of 200, the weight of anonymous memory.</summary>
    private const int Swappiness = 60;

    private readonly long[] _seenActivations = new long[2];

    /// <summary>Pages to look at, by <see cref="LruList"/>.</summary>
    /// <param name="priority">Of a list's pages, one in 2 to this power.</param>
    /// <param name="zones">Only what lies there.</param>
    public ScanTargets Targets(int priority, bool mayDeactivateAll, ZoneMask zones)
    {
        LruLists lru = owners.Lru;
        bool deactivatesAnonymous = mayDeactivateAll || IsDue(isFile: false);
        bool deactivatesFiles = mayDeactivateAll || IsDue(isFile: true);
        (long anonymous, long files, long whole) = swap.FreeSlots == 0 ? (0, 1, 1)
            : priority == 0 ? (1, 1, 1)
            : IsFileTiny(priority, deactivatesAnonymous) ? (1, 0, 1)
            : lru.Pages(LruList.InactiveFile) >> priority > 0 && !deactivatesFiles ? (0, 1, 1)
            : Weights();
        ScanTargets targets = new() { DeactivatesAnonymous = deactivatesAnonymous, DeactivatesFiles = deactivatesFiles };
        for (LruList list = 0; list <= LruList.ActiveFile; list++)
        {
            long weight = list < LruList.InactiveFile ? anonymous : files;
            targets[list] = (int)((lru.Pages(list, zones) >> priority) * weight / whole);
        }

        return targets;
    }

    /// <summary>The round is over; only what comes back from now on is news (snapshot_refaults).</summary>
    public void Remember()
    {
        _seenActivations[0] = owners.WorkingSet.ActivationsOf(isFile: false);
        _seenActivations[1] = owners.WorkingSet.ActivationsOf(isFile: true);
    }

    /// <summary>inactive_is_low: one to one below a GiB, then the square root of ten times the GiB.</summary>
    public bool IsInactiveLow(bool isFile)
    {
        LruList inactive = isFile ? LruList.InactiveFile : LruList.InactiveAnonymous;
        long pages = owners.Lru.Pages(inactive);
        long active = owners.Lru.Pages(inactive + 1);
        long gibibytes = (pages + active) * memory.Layout.Geometry.PageBytes >> 30;
        long ratio = gibibytes == 0 ? 1 : (long)Math.Sqrt(10 * gibibytes);
        return pages * ratio < active;
    }

    /// <summary>Active pages may be deactivated: the inactive ones are few, or the working set changes.</summary>
    private bool IsDue(bool isFile) =>
        _seenActivations[isFile ? 1 : 0] != owners.WorkingSet.ActivationsOf(isFile) || IsInactiveLow(isFile);

    /// <summary>With hardly a file page left, more of them would not help.</summary>
    private bool IsFileTiny(int priority, bool deactivatesAnonymous)
    {
        long free = 0;
        long high = 0;
        foreach (Zone zone in memory.Zones)
        {
            free += zone.FreeFrames;
            high += zone.ManagedFrames > 0 ? zone.Watermarks.High : 0;
        }

        LruLists lru = owners.Lru;
        return lru.Pages(LruList.ActiveFile) + lru.Pages(LruList.InactiveFile) + free <= high
            && !deactivatesAnonymous && lru.Pages(LruList.InactiveAnonymous) >> priority > 0;
    }

    /// <summary>Shares of a whole by which each kind is looked at.</summary>
    private (long Anonymous, long Files, long Whole) Weights()
    {
        long anonymous = owners.WorkingSet.CostOf(isFile: false);
        long files = owners.WorkingSet.CostOf(isFile: true);
        long total = anonymous + files;
        (anonymous, files) = (total + anonymous, total + files);
        total = anonymous + files;
        anonymous = Swappiness * (total + 1) / (anonymous + 1);
        files = (200 - Swappiness) * (total + 1) / (files + 1);
        return (anonymous, files, anonymous + files);
    }
}
