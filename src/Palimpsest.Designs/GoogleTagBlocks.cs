using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// Google's tag blocks (mte-dynamic-carveout): memory is groups of 32 pages and their tag page, on three lists:
/// untagged pages, tagged pages, whole groups. A tagged request takes a page whose storage is active already, so
/// nothing is reserved while it waits, unless a group has to be made.
/// </summary>
internal sealed class GoogleTagBlocks(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new Groups();

    public override RecallRule Recall { get; } = parameters.Recall;

    public override AllocationVerdict OnAllocation(in AllocationView view) =>
        AllocationVerdict.Ordinary(view) with { UseCma = view.IsMovable && !view.IsTagged };

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.OnlyActive;
}
