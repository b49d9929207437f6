using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// Solution 1 of the seed mail and RFC v2: tag storage is MIGRATE_CMA, and tagged requests lose ALLOC_CMA, so they get
/// no CMA page of any kind and skip the movable per-CPU lists. Storage is taken as the page is allocated, three
/// attempts, a free block of one page straight off the buddy list. A page in use whose storage is busy faults until it is not.
/// </summary>
internal sealed class CmaUntaggedOnly(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new Cma();

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall with { MostFastPages = 1 };

    public override AllocationVerdict OnAllocation(in AllocationView view) =>
        AllocationVerdict.Ordinary(view) with { UseCma = view.IsMovable && !view.IsTagged };

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Required;

    public override BusyVerdict OnStorageBusy(in TaggedView view) => BusyVerdict.FaultAgain;
}
