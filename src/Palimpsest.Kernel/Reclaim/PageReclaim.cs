using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>
/// Frees pages of processes: ages the lists and takes from their ends (shrinklruvec, shrink_inactive_list of
/// mm/vmscan.c, 6.1). Tag storage is reclaimed like all memory: whoever needs pages may get some there, and reservations
/// find more of it free.
/// </summary>
internal sealed class PageReclaim(
    PhysicalMemory memory, FolioOwners owners, RmapWalk rmap, HugePages huge, FileMappings mapped, ScanBalance balance, Eviction eviction)
{
    private const int LowestPriority = 12;

    private readonly KernelRuntime _runtime = memory.Runtime;
    private readonly LruLists _lru = owners.Lru;

    /// <summary>Reclaims until enough is freed or everything has been looked at (try_to_free_pages, balance_pgdat).</summary>
    /// <param name="zones">Only pages in these are any help.</param>
    /// <param name="isKswapd">Nobody waits for it: it stops where enough is freed.</param>
    /// <returns>Pages freed.</returns>
    public async ValueTask<int> Run(int wanted, ZoneMask zones, CpuId cpu, bool isKswapd = false)
    {
        _runtime.Interleaving.MightSleep("reclaim");
        (int freed, bool hasSkipped) = await Run(wanted, zones, cpu, isKswapd, deactivatesAll: false);
        if (freed == 0 && hasSkipped)
        {
            (freed, _) = await Run(wanted, zones, cpu, isKswapd, deactivatesAll: true);
        }

        balance.Remember();
        return freed;
    }

    private async ValueTask<(int Freed, bool HasSkipped)> Run(
        int wanted, ZoneMask zones, CpuId cpu, bool isKswapd, bool deactivatesAll)
    {
        int freed = 0;
        bool hasSkipped = false;
        for (int priority = LowestPriority; priority >= 0 && freed < wanted; priority--)
        {
            ScanTargets targets = balance.Targets(priority, deactivatesAll, zones);
            freed += await Shrink(targets, wanted - freed, zones, cpu, looksAtAll: !isKswapd && priority == LowestPriority);
            hasSkipped |= targets.HasSkipped;
        }

        return (freed, hasSkipped);
    }

    /// <summary>One round over all lists (shrink_lruvec); at a lower priority more is looked at.</summary>
    /// <param name="looksAtAll">Also when enough is freed: who has to wait for a little does a batch at once.</param>
    private async ValueTask<int> Shrink(ScanTargets targets, int wanted, ZoneMask zones, CpuId cpu, bool looksAtAll)
    {
        int freed = 0;
        while (!targets.IsOver)
        {
            for (LruList list = 0; list <= LruList.ActiveFile; list++)
            {
                freed += await Shrink(list, targets, zones, cpu);
            }

            if (freed >= wanted && !looksAtAll && !targets.EvenOut())
            {
                break;
            }
        }

        if (balance.IsInactiveLow(isFile: false))
        {
            // Also where none was to be looked at: the lists of anonymous memory age all the same.
            Deactivate(LruList.ActiveAnonymous, Relief.Batch, zones);
        }

        return freed;
    }

    private async ValueTask<int> Shrink(LruList list, ScanTargets targets, ZoneMask zones, CpuId cpu)
    {
        int scan = targets.Take(list, Relief.Batch);
        if (list is LruList.InactiveAnonymous or LruList.InactiveFile)
        {
            return await ShrinkInactive(list, scan, zones, cpu);
        }

        bool deactivates = list == LruList.ActiveFile ? targets.DeactivatesFiles : targets.DeactivatesAnonymous;
        targets.HasSkipped |= scan > 0 && !deactivates;
        Deactivate(list, deactivates ? scan : 0, zones);
        return 0;
    }

    private void Deactivate(LruList active, int count, ZoneMask zones)
    {
        int left = _lru.Pages(active);
        for (int scanned = 0; scanned < count && left > 0 && _lru.Oldest(active) is { IsNone: false } folio; left--)
        {
            if (IsOutside(folio, zones, isActive: true))
            {
                continue;
            }

            scanned++;
            rmap.ClearYoung(folio);
            _lru.Move(folio, active: false);
            memory.Frames[folio].Set(FrameFlags.WorkingSet);
        }
    }

    private async ValueTask<int> ShrinkInactive(LruList list, int scan, ZoneMask zones, CpuId cpu)
    {
        int freed = 0;
        int left = _lru.Pages(list);
        for (int scanned = 0; scanned < scan && left > 0 && _lru.Oldest(list) is { IsNone: false } folio; left--)
        {
            if (IsOutside(folio, zones, isActive: false))
            {
                continue;
            }

            int pages = 1 << memory.Frames[folio].Order;
            scanned += pages;
            memory.Statistics.PagesScanned += pages;
            freed += await TryFree(folio, cpu);
        }

        return freed;
    }

    /// <summary>A page of a zone that does not help goes to the head of its list, unlooked at (isolate_lru_folios).</summary>
    private bool IsOutside(Frame folio, ZoneMask zones, bool isActive)
    {
        bool isOutside = !zones.Has(memory.Frames[folio].Zone);
        if (isOutside)
        {
            _lru.Move(folio, isActive);
        }

        return isOutside;
    }

    /// <summary>Frees one folio, or gives it another round; pages freed.</summary>
    private async ValueTask<int> TryFree(Frame folio, CpuId cpu)
    {
        PageFrame frame = memory.Frames[folio];
        if (frame.Has(FrameFlags.Pinned | FrameFlags.Locked) || rmap.IsLocked(folio))
        {
            _lru.Move(folio, active: true);
            return 0;
        }

        if (IsInUse(folio, frame))
        {
            return 0;
        }

        if (frame.Order > 0)
        {
            // Its pages come back to the list one by one, unless it cannot be split.
            if (!await huge.TrySplit(folio, cpu))
            {
                _lru.Move(folio, active: true);
            }

            return 0;
        }

        if (await eviction.TryEvict(folio, cpu))
        {
            return 1;
        }

        // Unless a race has taken it off meanwhile, it must not be met again at once.
        _lru.Move(folio, active: true);
        return 0;
    }

    /// <summary>
    /// Used since it was looked at, it goes round once more; used again, or by two, it is active (folio_check_references). A page of a
    /// file that was used once is dropped, unless it would have to be written.
    /// </summary>
    private bool IsInUse(Frame folio, in PageFrame frame)
    {
        int used = rmap.ClearYoung(folio);
        bool again = frame.Has(FrameFlags.Referenced);
        if (used == 0)
        {
            memory.Frames[folio].Clear(FrameFlags.Referenced);
            bool isKept = again && WorkingSet.IsFile(frame) && (frame.Has(FrameFlags.Dirty) || mapped.IsDirty(folio));
            if (isKept)
            {
                _lru.Move(folio, active: false);
            }

            return isKept;
        }

        memory.Frames[folio].Set(FrameFlags.Referenced);
        _lru.Move(folio, active: again || used > 1);
        return true;
    }
}
