using Palimpsest.Kernel.Ports;

namespace Palimpsest.Designs;

/// <summary>Firmware hides 1/32 of DRAM for ever. No page is lent, every page can be tagged at no cost: today's machine.</summary>
internal sealed class StaticCarveOut : Design
{
    public override StoragePlacement Placement => StoragePlacement.Hidden;

    public override AllocationVerdict OnAllocation(in AllocationView view) => AllocationVerdict.Ordinary(view);

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.AlwaysActive;
}
