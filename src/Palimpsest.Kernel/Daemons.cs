using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;
using Palimpsest.Machine.Mte;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel;

/// <summary>
/// What the kernel does of its own accord, or on behalf of somebody outside: kswapd, kcompactd, khugepaged, move_pages. Each can be
/// awaited, as an actor of its own: where somebody controls the machine it stops at its points.
/// </summary>
public sealed class Daemons
{
    /// <summary>
    /// memory_reclaim has 16 (MAX_RECLAIM_RETRIES): active, used before, still to be written, gone: a fifth would find nothing.
    /// </summary>
    private const int FruitlessRounds = 4;

    private readonly RunningKernel _kernel;
    private readonly int _pageShift;

    internal Daemons(RunningKernel kernel)
    {
        _kernel = kernel;
        _pageShift = kernel.Memory.System.Layout.Geometry.PageShift;
    }

    /// <summary>
    /// Reclaims pages, as writing to memory.reclaim does: what was in use when it was looked at first is looked at again. How many were
    /// freed.
    /// </summary>
    public async ValueTask<int> Reclaim(int pages, CpuId cpu = default)
    {
        int freed = 0;
        for (int left = FruitlessRounds; freed < pages && left > 0;)
        {
            int more = await _kernel.Reclaim.Run(pages - freed, ZoneMask.All, cpu);
            freed += more;
            left -= more == 0 ? 1 : 0;
        }

        return freed;
    }

    /// <summary>Compacts a part of memory, as kcompactd does; true when a chunk of the order may be free now.</summary>
    public ValueTask<bool> Compact(int order, CpuId cpu = default) => _kernel.Compactor.Run(new Order(order), cpu);

    /// <summary>Moves tagged pages together, as the worker of active blocks does; nothing where a home has none.</summary>
    public ValueTask Pack(CpuId cpu = default) => _kernel.Memory.System.Worker?.PackNow(cpu) ?? default;

    /// <summary>Moves the page of an address elsewhere (move_pages); false when it cannot be moved.</summary>
    public async ValueTask<bool> Migrate(Process process, ulong address, CpuId cpu = default)
    {
        Pte entry = process.Space.Tables.Get(PageOf(address));
        return entry.IsPresent && !entry.Has(Pte.SpecialBit)
            && await _kernel.Memory.System.Migration.Move(_kernel.Owners.Folios.HeadOf(entry.Frame), cpu) == MigrationOutcome.Done;
    }

    /// <summary>
    /// Makes one huge page of the small pages around an address, as khugepaged does; false when there is none to be had, or a
    /// page is shared, pinned, swapped or in use by somebody else.
    /// </summary>
    public ValueTask<bool> Collapse(Process process, ulong address, CpuId cpu = default) =>
        _kernel.Collapse.Run(process.Space, PageOf(address), cpu);

    private ulong PageOf(ulong address) => LogicalTag.With(address, 0) >> _pageShift;
}
