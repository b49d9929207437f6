using Palimpsest.Kernel.Ports;

namespace Palimpsest.Testing.Scripts;

/// <summary>The obvious answers for a placement; what a test wants otherwise it sets.</summary>
public sealed class PlainDesign(StoragePlacement placement) : Design
{
    public override StoragePlacement Placement => placement;

    public override RecallRule Recall => Rule;

    public override int BlockBytes => Block;

    public RecallRule Rule { get; init; } = new(Attempts: 3, FastPath: true, PageAttempts: 5, FreeThroughPerCpu: true);

    public int Block { get; init; }

    public StorageUse Use { get; init; } = StorageUse.AfterCma;

    public int Candidates { get; init; } = 16;

    public ReservationVerdict? Tagging { get; init; }

    public BusyVerdict Busy { get; init; } = BusyVerdict.MoveData;

    public override AllocationVerdict OnAllocation(in AllocationView view) => new(
        UseCma: view.IsMovable,
        UsePerCpu: !(view.IsTagged && view.IsMovable),
        view.IsTagged ? StorageUse.Never : Use,
        Candidates);

    public override ReservationVerdict OnTagged(in TaggedView view) => Tagging ?? placement switch
    {
        StoragePlacement.Hidden => ReservationVerdict.AlwaysActive,
        StoragePlacement.Ordinary => ReservationVerdict.Refuse,
        StoragePlacement.TagBlocks => ReservationVerdict.OnlyActive,
        _ => ReservationVerdict.Required,
    };

    public override BusyVerdict OnStorageBusy(in TaggedView view) => Busy;
}
