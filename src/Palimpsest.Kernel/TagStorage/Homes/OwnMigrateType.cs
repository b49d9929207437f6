using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>A migratetype of its own in the zone that it lies in: MIGRATE_METADATA of RFC v1.</summary>
/// <param name="use">When movable requests go to it.</param>
public sealed class OwnMigrateType(StorageUse use) : StorageHome
{
    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.OwnMigrateType;

    /// <summary>As the parameter <c>use</c> says.</summary>
    public override bool DrawsAt(DrawMoment moment, in DrawView view) => use.DrawsAt(moment, view);
}
