using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// The seed mail's bigger hammer and RFC v3: each region is a CMA area, and no tagged page comes from any CMA. The
/// page is handed out whether its storage could be had or not; without, it is mapped fault-on-access, and the fault
/// tries once more and then moves the data to another page.
/// </summary>
internal sealed class CmaNoTagged(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new Cma();

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall;

    public override AllocationVerdict OnAllocation(in AllocationView view) =>
        AllocationVerdict.Ordinary(view) with { UseCma = view.IsMovable && !view.IsTagged };

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.BestEffort;

    public override BusyVerdict OnStorageBusy(in TaggedView view) => BusyVerdict.MoveData;
}
