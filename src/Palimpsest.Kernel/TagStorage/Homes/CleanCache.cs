using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>
/// Memory for page cache that may be dropped at any time, as guaranteed CMA lends it: never mixed with other memory, so that nothing
/// else can be in the way.
/// </summary>
public sealed class CleanCache : StorageHome
{
    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.CleanCache;

    /// <summary>Never: the page cache asks by itself.</summary>
    public override bool DrawsAt(DrawMoment moment, in DrawView view) => false;
}
