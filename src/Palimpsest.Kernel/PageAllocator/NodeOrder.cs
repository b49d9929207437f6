using Palimpsest.Kernel.Frames;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// The zones in the order in which a request of a node tries them: its own node first, then the others by number, of each the
/// highest zone first (build_zonelists, mm/page_alloc.c, 6.1).
/// </summary>
internal sealed class NodeOrder
{
    private readonly Zone[][] _byNode;

    public NodeOrder(IReadOnlyList<Zone> zones)
    {
        int nodes = 1 + zones.Max(zone => zone.Node);
        _byNode = [.. Enumerable.Range(0, nodes).Select(node => zones
            .OrderBy(zone => zone.Node != node).ThenBy(zone => zone.Node).ThenByDescending(zone => zone.Kind).ToArray())];
    }

    public Zone[] Of(int node) => _byNode[node];
}
