using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// Alternative (4) of the seed mail and RFC v1: MIGRATE_METADATA. Untagged movable requests take it after their own
/// type and CMA, before stealing: an idle tag page is cheap to reserve, a used one must be migrated. A tagged page gets
/// its storage as it is allocated, through alloc_contig_range with five attempts; without storage it goes back to the
/// tail of its list. Movable tagged requests never use per-CPU lists, and freed metadata pages bypass them.
/// </summary>
internal sealed class MigrateMetadata(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new OwnMigrateType(parameters.Use);

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall;

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Required;
}
