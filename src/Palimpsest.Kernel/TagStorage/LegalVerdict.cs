using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>Asks a design about a request, and cuts the answer down to what the laws allow, so that none can break them.</summary>
internal sealed class LegalVerdict(Design design, StoragePlace place)
{
    private readonly bool _isForAll = place.MayHold(isMovable: false);

    /// <summary>
    /// Only movable requests use CMA, and storage that is not for all (PIN-1); tagged ones never use tag storage (TAG-3).
    /// </summary>
    public AllocationVerdict On(in AllocationRequest request)
    {
        MigrateType type = request.Type;
        AllocationVerdict verdict = design.OnAllocation(new AllocationView(type, request.Order, request.IsTagged, request.Gfp));
        bool isMovable = type == MigrateType.Movable;
        return new AllocationVerdict(verdict.UseCma & isMovable, verdict.UseStorage & !request.IsTagged & (isMovable | _isForAll));
    }
}
