using Palimpsest.Kernel.Compaction;
using Palimpsest.Kernel.Supply;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Reclaim;

/// <summary>What a machine with processes can do for an allocation in need.</summary>
internal sealed class ProcessRelief(Kswapd kswapd, PageReclaim reclaim, Compactor compactor, OutOfMemory outOfMemory) : Relief
{
    public override ValueTask Wake(int cpu) => kswapd.Balance(cpu);

    public override ValueTask<int> Reclaim(int pages, int cpu) => reclaim.Run(pages, cpu);

    public override async ValueTask Compact(Order order, int cpu) => await compactor.Run(order, cpu);

    public override ValueTask<bool> Kill(int cpu) => outOfMemory.Kill(cpu);
}
