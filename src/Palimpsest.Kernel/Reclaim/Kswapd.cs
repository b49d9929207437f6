using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Supply;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>
/// Brings a zone back above its high watermark (balance_pgdat, 6.1). It runs where it is woken: nobody waits for it, so
/// its work is counted apart from that of allocations.
/// </summary>
internal sealed class Kswapd(MemorySystem memory, PageReclaim reclaim, VmStatistics statistics)
{
    private const int MostRounds = 64;

    // kswapd_highest_zoneidx is that of the most that was asked since it slept, and user pages may lie anywhere.
    private const ZoneKind Highest = ZoneKind.Movable;

    public async ValueTask Balance(CpuId cpu)
    {
        statistics.KswapdWakes++;
        memory.Trace.Tell(new KernelEvent(KernelEventKind.KswapdWoken, cpu, Frame: Frame.None));
        foreach (Zone zone in memory.Zones)
        {
            zone.WatermarkBoost = 0;
        }

        for (int round = 0; round < MostRounds && Missing() is var missing and > 0; round++)
        {
            if (await reclaim.Run(Math.Max(Relief.Batch, missing), ZoneMask.All, cpu, isKswapd: true) == 0)
            {
                break;
            }
        }
    }

    /// <summary>
    /// Pages that the zone nearest to it lacks to its high watermark; 0 when one zone is above, which is enough (pgdat_balanced).
    /// What only some requests may have does not count: CMA pages, tag storage, blocks for high orders.
    /// </summary>
    private int Missing()
    {
        int least = int.MaxValue;
        foreach (Zone zone in memory.Zones)
        {
            if (!zone.IsTagStorage && zone.ManagedFrames > 0)
            {
                // What waits in active blocks counts only where whoever is in need may have it.
                int lent = memory.Active is { Rule.LendsToAll: true } ? zone.ReadyFrames : 0;
                least = Math.Min(least, Math.Max(0, Watermark.Missing(zone, zone.Watermarks.High, Highest) - lent));
            }
        }

        return least;
    }
}
