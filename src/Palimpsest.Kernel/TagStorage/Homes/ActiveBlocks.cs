using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>
/// MIGRATE_CMA while nobody needs it for tags. Blocks that hold tags keep the free pages that they cover for tagged requests, and lend
/// them to data that can move before anybody reclaims.
/// </summary>
/// <param name="packing">What the worker does.</param>
public sealed class ActiveBlocks(PackRule packing) : StorageHome
{
    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.ActiveBlocks;

    /// <inheritdoc/>
    public override PackRule Packing { get; } = packing;
}
