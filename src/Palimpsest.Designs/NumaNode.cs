using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// Alternative (3) of the seed mail: a NUMA node without CPUs, of movable memory. It comes last in every zonelist, so
/// untagged requests spill to it when all nearer zones are at their low watermark; a memory policy keeps tagged
/// requests away.
/// </summary>
internal sealed class NumaNode(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new OwnNode();

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall;

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Required;
}
