using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// Our own: a tagged page comes only from a block whose storage is active; a block is made active only when no active block has a free
/// page; a block is given back with its last tagged page. A worker keeps a few pages ready and moves the last pages of nearly empty
/// blocks together. A page that turns tagged in use moves to an active block at the fault.
/// </summary>
internal sealed class Packed(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new ActiveBlocks(parameters.Packing);

    public override AllocationVerdict OnAllocation(in AllocationView view) =>
        AllocationVerdict.Ordinary(view) with { UseCma = view.IsMovable && !view.IsTagged };

    public override ReservationVerdict OnTagged(in TaggedView view) =>
        view.IsAllocation ? ReservationVerdict.OnlyActive : ReservationVerdict.MoveFirst;
}
