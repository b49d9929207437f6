using Palimpsest.Kernel.Ports;

namespace Palimpsest.Designs;

/// <summary>
/// The seed mail's simpler idea (Hildenbrand): tag storage is CMA until the first PROT_MTE, which takes all of it and
/// never gives it back. Blocks that are pinned at that moment are tried again when a page needs them.
/// </summary>
internal sealed class FirstUse(DesignParameters parameters) : Design
{
    public override StoragePlacement Placement => StoragePlacement.Cma;

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall(freeThroughPerCpu: true);

    public override AllocationVerdict OnAllocation(in AllocationView view) =>
        AllocationVerdict.Ordinary(view) with { CandidateRetries = parameters.CandidateRetries };

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.TakeEverything;
}
