using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Swap;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>
/// Frees pages of processes: ages the lists and takes from their ends (shrinklruvec, shrink_inactive_list of
/// mm/vmscan.c, 6.1). Tag storage is reclaimed like all memory: whoever needs pages may get some there, and reservations
/// find more of it free.
/// </summary>
internal sealed class PageReclaim(
    PhysicalMemory memory, LruLists lru, SwapDevice swap, RmapWalk rmap, HugePages huge, Eviction eviction)
{
    private const int LowestPriority = 12;

    /// <summary>vm.swappiness: of 200, the weight of anonymous memory.</summary>
    private const int Swappiness = 60;

    private readonly KernelRuntime _runtime = memory.Runtime;

    /// <summary>Reclaims until enough is freed or everything has been looked at (try_to_free_pages).</summary>
    /// <returns>Pages freed.</returns>
    public async ValueTask<int> Run(int wanted, CpuId cpu)
    {
        _runtime.Interleaving.MightSleep("reclaim");
        int freed = 0;
        for (int priority = LowestPriority; priority >= 0 && freed < wanted; priority--)
        {
            freed += await Shrink(priority, wanted - freed, cpu);
        }

        return freed;
    }

    /// <summary>One round over all lists; at a lower priority more is scanned.</summary>
    private async ValueTask<int> Shrink(int priority, int wanted, CpuId cpu)
    {
        int freed = 0;
        bool hasSwap = swap.FreeSlots > 0;
        for (int kind = 0; kind < 2 && freed < wanted; kind++)
        {
            // Files first: at equal pressure they are the cheaper ones to lose.
            bool isFile = kind == 0;
            if (!isFile && !hasSwap)
            {
                break;
            }

            LruList inactive = isFile ? LruList.InactiveFile : LruList.InactiveAnonymous;
            LruList active = inactive + 1;
            int weight = isFile ? 200 - Swappiness : Swappiness;
            int scan = Math.Max(Math.Min(Relief.Batch, lru.Pages(inactive)), (int)((long)(lru.Pages(inactive) >> priority) * weight / 100));
            if (IsInactiveLow(inactive, active))
            {
                Deactivate(active, Math.Max(Relief.Batch, lru.Pages(active) >> priority));
            }

            freed += await ShrinkInactive(inactive, scan, wanted - freed, cpu);
        }

        return freed;
    }

    private bool IsInactiveLow(LruList inactive, LruList active)
    {
        // inactive_is_low: one to one below a GiB, then the square root of ten times the GiB.
        long gibibytes = (long)(lru.Pages(inactive) + lru.Pages(active)) * memory.System.Layout.Geometry.PageBytes >> 30;
        long ratio = gibibytes == 0 ? 1 : (long)Math.Sqrt(10 * gibibytes);
        return lru.Pages(inactive) * ratio < lru.Pages(active);
    }

    private void Deactivate(LruList active, int count)
    {
        for (int scanned = 0; scanned < count && lru.Oldest(active) is { IsNone: false } folio; scanned++)
        {
            rmap.ClearYoung(folio);
            lru.Move(folio, active: false);
        }
    }

    private async ValueTask<int> ShrinkInactive(LruList list, int scan, int wanted, CpuId cpu)
    {
        int freed = 0;
        for (int scanned = 0; scanned < scan && freed < wanted; scanned++)
        {
            Frame folio = lru.Oldest(list);
            if (folio.IsNone)
            {
                break;
            }

            int pages = 1 << memory.Frames[folio].Order;
            memory.Statistics.PagesScanned += pages;
            freed += await TryFree(folio, cpu);
        }

        return freed;
    }

    /// <summary>Frees one folio, or gives it another round; pages freed.</summary>
    private async ValueTask<int> TryFree(Frame folio, CpuId cpu)
    {
        PageFrame frame = memory.Frames[folio];
        if (frame.Has(FrameFlags.Pinned | FrameFlags.Locked))
        {
            lru.Move(folio, active: true);
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
                lru.Move(folio, active: true);
            }

            return 0;
        }

        if (await eviction.TryEvict(folio, cpu))
        {
            return 1;
        }

        // Unless a race has taken it off meanwhile, it must not be met again at once.
        lru.Move(folio, active: true);
        return 0;
    }

    /// <summary>folio_check_references: anonymous pages that were used are activated, those of files at the second time.</summary>
    private bool IsInUse(Frame folio, in PageFrame frame)
    {
        bool used = rmap.ClearYoung(folio);
        bool again = frame.Has(FrameFlags.Referenced);
        memory.Frames[folio].Clear(FrameFlags.Referenced);
        if (!used && !(again && frame.Has(FrameFlags.FileCached)))
        {
            return false;
        }

        bool activate = used && (frame.Has(FrameFlags.SwapBacked) || again);
        if (!activate)
        {
            memory.Frames[folio].Set(used ? FrameFlags.Referenced : FrameFlags.None);
        }

        lru.Move(folio, activate);
        return true;
    }
}
