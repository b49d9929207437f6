using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>Some of the zones of a machine, by their indexes.</summary>
internal readonly record struct ZoneMask(int Bits)
{
    /// <summary>Whatever zone a page lies in.</summary>
    public static ZoneMask All { get; } = new(-1);

    /// <summary>Zones that a request may use: only pages that are freed there help it (sc->reclaim_idx, mm/vmscan.c, 6.1).</summary>
    public static ZoneMask Of(IReadOnlyList<Zone> zones, in AllocationRequest request, AllocationVerdict verdict)
    {
        Search search = new(request, verdict);
        int bits = 0;
        for (int zone = 0; zone < zones.Count; zone++)
        {
            bits |= search.Allows(zones[zone]) ? 1 << zone : 0;
        }

        return new ZoneMask(bits);
    }

    public bool Has(int zone) => ((Bits >> zone) & 1) != 0;
}
