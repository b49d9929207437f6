using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>What the modelled kernel was built and booted with.</summary>
/// <param name="Cpus">CPUs with per-CPU lists.</param>
/// <param name="TransparentHugePages">
/// CONFIG_TRANSPARENT_HUGEPAGE enabled other than "never": khugepaged raises min_free_kbytes.
/// </param>
/// <param name="StartsEmpty">Nothing is free at first: whoever follows a recording frees what was free then.</param>
public sealed record MachineOptions(int Cpus, bool TransparentHugePages = true, bool StartsEmpty = false)
{
    /// <summary>Frames that the kernel keeps from its allocator; of zones that are not named, all are managed.</summary>
    public IReadOnlyList<UnmanagedFrames> Unmanaged { get; init; } = [];

    /// <summary>Region of tag storage whose CMA area cannot be activated: then none is lent (R27). -1 for none.</summary>
    public int FailedRegion { get; init; } = -1;
}

/// <summary>Frames of a zone that are present and not managed: the kernel image, the frame table, what firmware keeps.</summary>
public readonly record struct UnmanagedFrames(int Node, ZoneKind Kind, int Frames);

/// <summary>Sets watermarks, reserves and per-CPU limits of the zones (mm/page_alloc.c and khugepaged.c, 6.1).</summary>
internal static class ZoneSetup
{
    private const int MinFreeKilobytesLeast = 128;
    private const int MinFreeKilobytesMost = 262144;
    private const int WatermarkScaleFactor = 10;

    // sysctl_lowmem_reserve_ratio: Dma, Dma32, Normal, Movable; a zone of metadata protects nothing.
    private static readonly int[] LowmemReserveRatio = [256, 256, 32, 0, 0];

    public static void SetUp(Zone[] zones, PageGeometry geometry, MachineOptions options)
    {
        foreach (UnmanagedFrames unmanaged in options.Unmanaged)
        {
            if (zones.FirstOrDefault(zone => zone.Node == unmanaged.Node && zone.Kind == unmanaged.Kind && !zone.IsTagStorage) is { } zone)
            {
                zone.ManagedFrames -= Math.Min(zone.ManagedFrames, unmanaged.Frames);
            }
        }

        SetWatermarks(zones, geometry, LeastMinFree(zones, geometry));
        if (options.TransparentHugePages)
        {
            SetWatermarks(zones, geometry, HugePageMinFree(zones, geometry));
        }

        foreach (Zone zone in zones)
        {
            SetLowmemReserve(zone, zones);
            SetPerCpuLimits(zone, geometry, options.Cpus);
        }
    }

    /// <summary>init_per_zone_wmark_min.</summary>
    private static long LeastMinFree(Zone[] zones, PageGeometry geometry)
    {
        long buffer = zones.Where(zone => zone.Kind <= ZoneKind.Normal).Sum(zone => (long)zone.ManagedFrames);
        long lowmemKilobytes = buffer * (geometry.PageBytes / 1024);
        long kilobytes = Math.Clamp((long)Math.Sqrt(lowmemKilobytes * 16), MinFreeKilobytesLeast, MinFreeKilobytesMost);
        return kilobytes * 1024 / geometry.PageBytes;
    }

    /// <summary>set_recommended_min_free_kbytes, where the first watermarks stand: at most a twentieth of what lies above them.</summary>
    private static long HugePageMinFree(Zone[] zones, PageGeometry geometry)
    {
        long buffer = zones.Where(zone => zone.Kind <= ZoneKind.Normal).Sum(zone => Math.Max(0L, zone.ManagedFrames - zone.Watermarks.High));
        // Two free blocks to avoid fragmentation, and one of each type for each type to fall back to, a zone.
        int populated = zones.Count(zone => zone.ManagedFrames > 0 && zone.Kind <= ZoneKind.Normal);
        long blocks = populated * (2 + MigrateTypes.PerCpuCount * MigrateTypes.PerCpuCount);
        return Math.Max(LeastMinFree(zones, geometry), Math.Min(blocks * geometry.PageBlockFrames, buffer / 20));
    }

    private static void SetWatermarks(Zone[] zones, PageGeometry geometry, long minFree)
    {
        long lowmem = Math.Max(1, zones.Sum(zone => (long)zone.ManagedFrames));
        foreach (Zone zone in zones)
        {
            long min = minFree * zone.ManagedFrames / lowmem;
            long distance = Math.Max(min >> 2, (long)zone.ManagedFrames * WatermarkScaleFactor / 10000);
            zone.Watermarks = new Watermarks((int)min, (int)(min + distance), (int)(min + 2 * distance));
        }
    }

    private static void SetLowmemReserve(Zone zone, Zone[] zones)
    {
        long above = 0;
        int ratio = LowmemReserveRatio[(int)zone.Kind];
        for (ZoneKind kind = zone.Kind + 1; (int)kind < ZoneKinds.Count; kind++)
        {
            above += zones.Where(other => other.Node == zone.Node && other.Kind == kind && !other.IsTagStorage).Sum(other => (long)other.ManagedFrames);
            zone.LowmemReserve[(int)kind] = ratio == 0 || zone.ManagedFrames == 0 ? 0 : (int)(above / ratio);
        }
    }

    private static void SetPerCpuLimits(Zone zone, PageGeometry geometry, int cpus)
    {
        int batch = Math.Min(zone.ManagedFrames >> 10, (1 << 20) / geometry.PageBytes) / 4;
        batch = Math.Max(batch, 1);
        int rounded = batch + batch / 2;
        batch = (1 << System.Numerics.BitOperations.Log2((uint)rounded)) - 1;
        batch = Math.Max(batch, 1);
        int high = Math.Max(zone.Watermarks.Low / cpus, batch << 2);
        foreach (PerCpuPages pages in zone.PerCpu)
        {
            pages.Batch = batch;
            pages.High = high;
        }
    }
}
