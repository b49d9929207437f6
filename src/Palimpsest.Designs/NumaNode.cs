using Palimpsest.Kernel.Ports;

namespace Palimpsest.Designs;

/// <summary>
/// Alternative (3) of the seed mail: a NUMA node without CPUs, of movable memory. It comes last in every zonelist, so
/// untagged requests spill to it when all nearer zones are at their low watermark; a memory policy keeps tagged
/// requests away.
/// </summary>
internal sealed class NumaNode(DesignParameters parameters) : Design
{
    public override StoragePlacement Placement => StoragePlacement.OwnNode;

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall(freeThroughPerCpu: true);

    public override AllocationVerdict OnAllocation(in AllocationView view) => AllocationVerdict.Ordinary(view) with
    {
        Storage = view.IsTagged ? StorageUse.Never : StorageUse.Last,
    };

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Required;
}
