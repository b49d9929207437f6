using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// What XNU ships (vm_mteinfo.c): a tagged page comes only from an active cell, one of many tagged and few other pages first, so that they
/// come together. When no active cell has a free page, an inactive one that is more than half free becomes active, or by way of a thread
/// the best there is, whose storage is emptied; one that cannot be is remembered. Data use free pages of active cells when they find no
/// others, and claim the storage of inactive ones that are nearly used up. A cell goes back when it has neither tagged nor free pages.
/// </summary>
internal sealed class Cells(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new ScoredCells(parameters.Cells);

    public override AllocationVerdict OnAllocation(in AllocationView view) =>
        AllocationVerdict.Ordinary(view) with { UseCma = view.IsMovable && !view.IsTagged };

    public override ReservationVerdict OnTagged(in TaggedView view) =>
        view.IsAllocation ? ReservationVerdict.OnlyActive : ReservationVerdict.MoveFirst;
}
