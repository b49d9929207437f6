using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// The seed mail's simpler idea (Hildenbrand): tag storage is CMA until the first PROT_MTE, which takes all of it and
/// never gives it back. Blocks that are pinned at that moment are tried again when a page needs them.
/// </summary>
internal sealed class FirstUse(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new Cma(DesignParameters.DefaultCandidates);

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall;

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.TakeEverything;
}
