using System.Numerics;
using Palimpsest.Kernel.Frames;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator.Rules;

/// <summary>Watermarks, reserves and per-CPU limits at boot (mm/page_alloc.c and mm/khugepaged.c, 6.1).</summary>
internal class Limits61(IReadOnlyList<ZoneView> zones, SetUpView machine)
{
    private const int MinFreeKilobytesLeast = 128;
    private const int MinFreeKilobytesMost = 262144;
    private const int WatermarkScaleFactor = 10;

    // sysctl_lowmem_reserve_ratio: Dma, Dma32, Normal, Movable; a zone of metadata protects nothing.
    private static readonly int[] LowmemReserveRatio = [256, 256, 32, 0, 0];

    private readonly Watermarks[] _marks = new Watermarks[zones.Count];

    public ZoneLimits[] All()
    {
        SetWatermarks(LeastMinFree());
        if (machine.TransparentHugePages)
        {
            SetWatermarks(HugePageMinFree());
        }

        return [.. zones.Select((zone, index) => Of(zone, _marks[index]))];
    }

    /// <summary>Includes zone_batchsize and zone_highsize.</summary>
    private ZoneLimits Of(ZoneView zone, Watermarks marks)
    {
        int batch = Math.Max(1, Math.Min(zone.Managed >> 10, (1 << 20) / machine.Geometry.PageBytes) / 4);
        batch = Math.Max(1, (1 << BitOperations.Log2((uint)(batch + batch / 2))) - 1);
        int high = Math.Max(marks.Low / machine.Cpus, batch << 2);
        return new ZoneLimits(marks, LowmemReserve(zone), batch, high, AvoidsFragmentation(zone))
        {
            PerCpuHighMost = Math.Max(high, HighMost(zone, batch)),
        };
    }

    /// <summary>init_per_zone_wmark_min, in frames.</summary>
    private long LeastMinFree()
    {
        int pageBytes = machine.Geometry.PageBytes;
        long lowmemKilobytes = zones.Where(IsLowmem).Sum(zone => (long)zone.Managed) * (pageBytes / 1024);
        long kilobytes = Math.Clamp((long)Math.Sqrt(lowmemKilobytes * 16), MinFreeKilobytesLeast, MinFreeKilobytesMost);
        return kilobytes * 1024 / pageBytes;
    }

    /// <summary>set_recommended_min_free_kbytes, where the first watermarks stand: at most a twentieth of what lies above them.</summary>
    private long HugePageMinFree()
    {
        long buffer = zones.Select((zone, index) => IsLowmem(zone) ? Math.Max(0L, zone.Managed - _marks[index].High) : 0).Sum();
        // Two free blocks to avoid fragmentation, and one of each type for each type to fall back to, a zone.
        int populated = zones.Count(zone => zone.Managed > 0 && IsLowmem(zone));
        long blocks = populated * (2 + MigrateTypes.PerCpuCount * MigrateTypes.PerCpuCount);
        return Math.Max(LeastMinFree(), Math.Min(blocks * machine.Geometry.PageBlockFrames, buffer / 20));
    }

    /// <summary>__setup_per_zone_wmarks.</summary>
    private void SetWatermarks(long minFree)
    {
        long all = Math.Max(1, zones.Where(Shares).Sum(zone => (long)zone.Managed));
        for (int index = 0; index < zones.Count; index++)
        {
            long share = minFree * zones[index].Managed / all;
            long min = MinOf(zones[index], share);
            long distance = Math.Max(share >> 2, (long)zones[index].Managed * WatermarkScaleFactor / 10000);
            _marks[index] = new Watermarks((int)min, (int)(min + distance), (int)(min + 2 * distance));
        }
    }

    /// <summary>Zones between which min_free_kbytes is divided.</summary>
    protected virtual bool Shares(ZoneView zone) => true;

    /// <summary>The min watermark of a zone with a share of min_free_kbytes.</summary>
    protected virtual long MinOf(ZoneView zone, long share) => share;

    /// <summary>Frames that the limit of a CPU's lists may grow to.</summary>
    protected virtual int HighMost(ZoneView zone, int batch) => 0;

    /// <summary>setup_per_zone_lowmem_reserve.</summary>
    private int[] LowmemReserve(ZoneView zone)
    {
        int[] reserve = new int[ZoneKinds.Count];
        int ratio = LowmemReserveRatio[(int)zone.Kind];
        long above = 0;
        for (ZoneKind kind = zone.Kind + 1; (int)kind < ZoneKinds.Count; kind++)
        {
            above += zones
                .Where(other => other.Node == zone.Node && other.Kind == kind && !other.IsTagStorage)
                .Sum(other => (long)other.Managed);
            reserve[(int)kind] = ratio == 0 || zone.Managed == 0 ? 0 : (int)(above / ratio);
        }

        return reserve;
    }

    /// <summary>
    /// alloc_flags_nofragment: only a request that begins in ZONE_NORMAL has a zone to go to instead, which Linux takes for
    /// granted on machines with one node.
    /// </summary>
    private bool AvoidsFragmentation(ZoneView zone) =>
        zone.Kind == ZoneKind.Normal
        && (zones.Any(other => other.Node == zone.Node && other.Kind == ZoneKind.Dma32) || zones.All(other => other.Node == zone.Node));

    private static bool IsLowmem(ZoneView zone) => zone.Kind <= ZoneKind.Normal;
}
