using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Supply;

/// <summary>Who makes memory free when an allocation finds none: the rooms above, which own what could go.</summary>
internal abstract class Relief
{
    /// <summary>Pages that a request in need asks for at once (SWAP_CLUSTER_MAX).</summary>
    public const int Batch = 32;

    /// <summary>kswapd, which brings all zones above their high watermarks.</summary>
    public abstract ValueTask Wake(CpuId cpu);

    /// <summary>Direct reclaim of pages in zones that help who asks; how many were freed.</summary>
    public abstract ValueTask<int> Reclaim(int pages, ZoneMask zones, CpuId cpu);

    /// <summary>Direct compaction for a request of an order.</summary>
    public abstract ValueTask Compact(Order order, CpuId cpu);

    /// <summary>The OOM killer. False: nobody is left whose end would free anything.</summary>
    public abstract ValueTask<bool> Kill(CpuId cpu);
}
