using Palimpsest.Machine.Memory;

namespace Palimpsest.Kernel.PageAllocator.Rules;

/// <summary>The same in 6.12: ZONE_MOVABLE has no share in min_free_kbytes, and a CPU's limit may grow (mm/page_alloc.c).</summary>
internal sealed class Limits612(IReadOnlyList<ZoneView> zones, SetUpView machine) : Limits61(zones, machine)
{
    /// <summary>MIN_PERCPU_PAGELIST_HIGH_FRACTION.</summary>
    private const int HighFraction = 8;

    private const int MovableMinLeast = 32;
    private const int MovableMinMost = 128;

    private readonly int _cpus = machine.Cpus;

    /// <summary>__setup_per_zone_wmarks.</summary>
    protected override bool Shares(ZoneView zone) => zone.Kind <= ZoneKind.Normal;

    protected override long MinOf(ZoneView zone, long share) =>
        Shares(zone) ? share : Math.Clamp(zone.Managed / 1024, MovableMinLeast, MovableMinMost);

    /// <summary>zone_highsize with its least fraction.</summary>
    protected override int HighMost(ZoneView zone, int batch) => Math.Max(zone.Managed / HighFraction / _cpus, batch << 2);
}
