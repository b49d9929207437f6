using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Ports;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>A request, and what every zone would have to work out of it again.</summary>
internal readonly ref struct Search(in AllocationRequest request, AllocationVerdict verdict)
{
    private readonly ref readonly AllocationRequest _request = ref request;
    public readonly AllocationVerdict Verdict = verdict;
    public readonly MigrateType Type = request.Type;

    public int Order => _request.Order.Value;

    public CpuId Cpu => _request.Cpu;

    public int Owner => _request.Owner;

    /// <summary>It may lie in an active block, if its type may.</summary>
    public bool MayBorrow => _request.MayBorrow && !IsTagged && Order == 0;

    public bool IsTagged => _request.IsTagged;

    public int Node => _request.Node;

    public bool IsThisNodeOnly => (_request.Gfp & GfpFlags.ThisNode) != 0;

    /// <summary>gfp_zone(): the highest zone that the request may use.</summary>
    public readonly ZoneKind Highest = (ZoneKind)HighestByFlags[(int)request.Gfp & 15];

    public bool Allows(Zone zone) => (zone.IsTagStorage ? Verdict.UseStorage && MayEnter(zone) : zone.Kind <= Highest)
        && (!IsThisNodeOnly || zone.Node == Node);

    // A zone for storage alone has no place among the bits of gfp: whoever may have storage may enter. A node of movable
    // memory is entered as any ZONE_MOVABLE.
    private bool MayEnter(Zone zone) => zone.Kind != ZoneKind.Movable || zone.Kind <= Highest;

    // By the bits Dma, HighMem, Dma32, Movable of the flags; HighMem with Movable reaches ZONE_MOVABLE.
    private static ReadOnlySpan<byte> HighestByFlags => [2, 0, 2, 2, 1, 2, 2, 2, 2, 2, 3, 2, 2, 2, 2, 2];
}
