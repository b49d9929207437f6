using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// Solution 2 of the seed mail: tag storage is MIGRATE_CMA, and each page knows whether it is tag storage. A tagged
/// request may use CMA; a storage page that it draws goes to the tail of the list and the next one is looked at, a
/// bounded number of times. CMA memory that can be tagged stays usable.
/// </summary>
internal sealed class CmaPageGranular(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new Cma(parameters.CandidateRetries);

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall;

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Required;
}
