using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// What the list turned to after RFC v3 (a backend of cleancache, February 2024), and came back to as guaranteed CMA (RFC, March 2025):
/// tag storage holds clean page cache and nothing else. What is needed for tags is dropped there and then, so nothing moves, nothing
/// fails and nothing sleeps, and storage can be taken in atomic context. Tagged pages come from where Linux finds them, never from CMA.
/// </summary>
internal sealed class GuaranteedCma(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new CleanCache();

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall with { Drops = true };

    public override AllocationVerdict OnAllocation(in AllocationView view) =>
        new(UseCma: view.IsMovable && !view.IsTagged, UseStorage: view.IsCleanCache);

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Required;
}
