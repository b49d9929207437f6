using Palimpsest.Kernel.Ports;
using Palimpsest.Kernel.TagStorage.Homes;

namespace Palimpsest.Designs;

/// <summary>
/// Alternative (2) of the seed mail: ZONE_METADATA, above all other zones. Untagged movable requests start there, as a
/// zonelist goes from the highest zone down, and leave it at its low watermark; tagged requests skip it. It has
/// per-CPU lists and watermarks of its own.
/// </summary>
internal sealed class ZoneMetadata(DesignParameters parameters) : Design
{
    public override StorageHome Home { get; } = new OwnZone();

    public override int BlockBytes => parameters.BlockBytes;

    public override RecallRule Recall { get; } = parameters.Recall;

    public override ReservationVerdict OnTagged(in TaggedView view) => ReservationVerdict.Required;
}
