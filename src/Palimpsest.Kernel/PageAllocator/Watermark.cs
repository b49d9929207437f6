using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>Is enough free in a zone for a request (__zone_watermark_ok, mm/page_alloc.c, 6.1 and 6.12)?</summary>
public static class Watermark
{
    /// <param name="mark">What must be left, less what the request's rights allow (<see cref="AllocatorRules.MarkWith"/>).</param>
    internal static bool IsMet(Zone zone, FrameTable frames, int order, int mark, ReserveRights rights, in AllocationVerdict verdict,
        ZoneKind highest)
    {
        if (zone.FreeFrames - Unusable(zone, order, rights, verdict) <= mark + zone.LowmemReserve[(int)highest])
        {
            return false;
        }

        return order == 0 || HasChunk(zone, frames, order, rights, verdict);
    }

    /// <summary>
    /// Frames that must become free before any request at all for one page, of no rights, passes a mark; 0 when it does
    /// (zone_watermark_ok_safe without flags).
    /// </summary>
    internal static int Missing(Zone zone, int mark, ZoneKind highest)
    {
        int usable = zone.FreeFrames - Unusable(zone, order: 0, ReserveRights.None, default);
        return Math.Max(0, mark + zone.LowmemReserve[(int)highest] + 1 - usable);
    }

    /// <summary>Is a zone above its high watermark without memory that not everybody may use?</summary>
    public static bool IsAboveHigh(Zone zone) => Missing(zone, zone.Watermarks.High + zone.WatermarkBoost, ZoneKind.Movable) == 0;

    private static int Unusable(Zone zone, int order, ReserveRights rights, in AllocationVerdict verdict)
    {
        int unusable = (1 << order) - 1;
        if ((rights & (ReserveRights.MinReserve | ReserveRights.NonBlocking)) == 0)
        {
            unusable += zone.CountsFreeHighAtomic ? zone.FreeHighAtomicFrames : zone.HighAtomicFrames;
        }

        if (!verdict.UseCma)
        {
            unusable += zone.FreeCmaFrames;
        }

        if (!verdict.UseStorage)
        {
            unusable += zone.FreeStorageFrames;
        }

        return unusable;
    }

    private static bool HasChunk(Zone zone, FrameTable frames, int order, ReserveRights rights, in AllocationVerdict verdict)
    {
        for (int set = 0; set < zone.Sets; set++)
        {
            if (set == StorageSets.Storage && !verdict.UseStorage)
            {
                continue;
            }

            for (int current = order; current <= frames.LargestOrder; current++)
            {
                if (zone.Chunks(set, current) > 0 && HasChunkOfType(zone, frames, set, current, rights, verdict))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool HasChunkOfType(Zone zone, FrameTable frames, int set, int order, ReserveRights rights, in AllocationVerdict verdict)
    {
        bool Has(MigrateType type) => !frames.IsEmpty(frames.ListHead(zone.List(set, order, type)));

        return Has(MigrateType.Unmovable) || Has(MigrateType.Movable) || Has(MigrateType.Reclaimable)
            || (verdict.UseCma && Has(MigrateType.Cma))
            || (verdict.UseStorage && Has(MigrateType.Metadata))
            || ((rights & ReserveRights.HighAtomic) != 0 && Has(MigrateType.HighAtomic));
    }
}
