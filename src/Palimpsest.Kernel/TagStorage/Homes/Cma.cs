using Palimpsest.Kernel.Ports;

namespace Palimpsest.Kernel.TagStorage.Homes;

/// <summary>MIGRATE_CMA, a CMA area for each region: Linux lends it to movable requests, by the rule of half.</summary>
/// <param name="candidates">
/// Storage pages that a tagged request, if it may have CMA, puts back at the tail of the list while it looks for a page that
/// can be tagged.
/// </param>
public sealed class Cma(int candidates = 0) : StorageHome
{
    /// <inheritdoc/>
    public override StoragePlace Place => StoragePlace.Cma;

    /// <inheritdoc/>
    public override int Candidates => candidates;
}
