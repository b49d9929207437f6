using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>ZONE_METADATA, above all other zones: a zonelist begins there, and leaves it at its low watermark.</summary>
public sealed class OwnZone : StorageHome
{
    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.OwnZone;
}
