using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// Alternative (1) of the seed mail, after Collingbourne's and Stepanov's prototype: each zone has a second
/// free_area[], for tag storage. The allocator chooses between them by the kind of the request, so a tagged request
/// never sees a storage page. Storage pages do not enter the per-CPU lists by being freed.
/// </summary>
internal sealed class SeparateFreeArea(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new OwnFreeArea(parameters.Use);

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall;

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Required;
}
