using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>Asks a design about a request, and cuts the answer down to what the laws allow, so that none can break them.</summary>
internal sealed class LegalVerdict(Design design, StoragePlace place)
{
    private readonly bool _isForAll = place.MayHold(isMovable: false);

    /// <summary>Only movable requests use CMA, and storage that is not for all (PIN-1); tagged ones never use tag storage (TAG-3).</summary>
    public AllocationVerdict On(in AllocationRequest request)
    {
        AllocationView view = new(request.Type, request.Order, request.IsTagged, request.Gfp);
        AllocationVerdict verdict = design.OnAllocation(view);
        return new AllocationVerdict(
            UseCma: verdict.UseCma && view.IsMovable,
            UseStorage: verdict.UseStorage && !view.IsTagged && (view.IsMovable || _isForAll));
    }
}
