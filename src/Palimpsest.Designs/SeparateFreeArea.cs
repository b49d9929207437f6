using Palimpsest.Kernel.Ports;

namespace Palimpsest.Designs;

/// <summary>
/// Alternative (1) of the seed mail, after Collingbourne's and Stepanov's prototype: each zone has a second
/// free_area[], for tag storage. The allocator chooses between them by the kind of the request, so a tagged request
/// never sees a storage page. Storage pages do not enter the per-CPU lists by being freed.
/// </summary>
internal sealed class SeparateFreeArea(DesignParameters parameters) : Design
{
    public override StoragePlacement Placement => StoragePlacement.OwnFreeArea;

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall(freeThroughPerCpu: false);

    public override AllocationVerdict OnAllocation(in AllocationView view) => AllocationVerdict.Ordinary(view) with
    {
        Storage = view.IsTagged ? StorageUse.Never : parameters.Use,
        UsePerCpu = !(view.IsTagged && view.IsMovable),
    };

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Required;
}
