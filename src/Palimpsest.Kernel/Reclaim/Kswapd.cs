using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Supply;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>
/// Brings every zone back above its high watermark (balance_pgdat, 6.1). It runs where it is woken: nobody waits for it, so
/// its work is counted apart from that of allocations.
/// </summary>
internal sealed class Kswapd(MemorySystem memory, PageReclaim reclaim, VmStatistics statistics)
{
    private const int MostRounds = 64;

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
            if (await reclaim.Run(Math.Max(Relief.Batch, missing), cpu) == 0)
            {
                break;
            }
        }
    }

    /// <summary>Pages that zones lack to their high watermarks.</summary>
    private int Missing()
    {
        int missing = 0;
        foreach (Zone zone in memory.Zones)
        {
            missing += zone.IsTagStorage ? 0 : Math.Max(0, zone.Watermarks.High - zone.FreeFrames);
        }

        return missing;
    }
}
