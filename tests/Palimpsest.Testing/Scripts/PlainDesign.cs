using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Testing.Scripts;

/// <summary>The obvious answers for a home; what a test wants otherwise it sets.</summary>
public sealed class PlainDesign(StorageHome home) : Design
{
    public override StorageHome Home => home;

    public override RecallRule Recall => Rule;

    public override int BlockBytes => Block;

    public RecallRule Rule { get; init; } = new(Attempts: 3, FastPath: true, PageAttempts: 5);

    public int Block { get; init; }

    public ReservationVerdict? Tagging { get; init; }

    public BusyVerdict Busy { get; init; } = BusyVerdict.MoveData;

    public override ReservationVerdict OnTagged(in TaggedView view) => Tagging ?? home switch
    {
        Hidden => ReservationVerdict.AlwaysActive,
        Ordinary => ReservationVerdict.Refuse,
        Groups => ReservationVerdict.OnlyActive,
        _ => ReservationVerdict.Required,
    };

    public override BusyVerdict OnStorageBusy(in TaggedView view) => Busy;
}
