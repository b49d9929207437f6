using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>
/// Groups of 32 pages and their tag page: on a list of their own while they are whole, else 33 untagged pages for anybody,
/// or 32 tagged ones, which an untagged request takes before it fails.
/// </summary>
public sealed class Groups : StorageHome
{
    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.Groups;
}
