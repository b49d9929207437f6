using Palimpsest.Kernel.Ports;

namespace Palimpsest.Designs;

/// <summary>The same DRAM without MTE: all tag storage is ordinary memory, nothing can be tagged. The upper bound.</summary>
internal sealed class NoMte : Design
{
    public override StoragePlacement Placement => StoragePlacement.Ordinary;

    public override AllocationVerdict OnAllocation(in AllocationView view) => AllocationVerdict.Ordinary(view);

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Refuse;
}
