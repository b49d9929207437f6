using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>A node of movable memory without CPUs, last in every zonelist.</summary>
public sealed class OwnNode : StorageHome
{
    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.OwnNode;
}
