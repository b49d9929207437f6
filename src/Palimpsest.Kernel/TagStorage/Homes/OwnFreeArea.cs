using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>A second free_area[] in each zone.</summary>
/// <param name="use">When movable requests go to it.</param>
public sealed class OwnFreeArea(StorageUse use) : StorageHome
{
    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.OwnFreeArea;

    /// <summary>As the parameter <c>use</c> says.</summary>
    public override bool DrawsAt(DrawMoment moment, in DrawView view) => use.DrawsAt(moment, view);
}
