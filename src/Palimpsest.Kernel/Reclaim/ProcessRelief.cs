using Palimpsest.Kernel.Compaction;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Supply;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>What a machine with processes can do for an allocation in need.</summary>
internal sealed class ProcessRelief(Kswapd kswapd, PageReclaim reclaim, Compactor compactor, OutOfMemory outOfMemory) : Relief
{
    public override ValueTask Wake(CpuId cpu) => kswapd.Balance(cpu);

    public override ValueTask<int> Reclaim(int pages, ZoneMask zones, CpuId cpu) => reclaim.Run(pages, zones, cpu);

    public override async ValueTask Compact(Order order, CpuId cpu) => await compactor.Run(order, cpu);

    public override ValueTask<bool> Kill(CpuId cpu) => outOfMemory.Kill(cpu);
}
