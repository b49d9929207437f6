using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Supply;
using Palimpsest.Kernel.Tables;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.AddressSpaces;

/// <summary>What areas are marked with: locks, seals, what a fork does with them, who watches them (mm/mlock.c, mseal.c, madvise.c,
/// fs/userfaultfd.c of 6.12).</summary>
internal sealed class AreaMarks(PhysicalMemory memory, Unmapping unmapping)
{
    private readonly KernelRuntime _runtime = memory.Runtime;

    /// <summary>Marks what lies in [start, end).</summary>
    /// <returns>False: no memory to split a huge page at an end.</returns>
    public ValueTask<bool> Mark(AddressSpace space, ulong start, ulong end, AreaTraits set, AreaTraits clear, CpuId cpu) =>
        Change(space, start, end, area => area.Traits = (area.Traits & ~clear) | set, cpu);

    /// <summary>Whoever watches the faults of what lies in [start, end), and which; null and none for nobody.</summary>
    /// <inheritdoc cref="Mark"/>
    public ValueTask<bool> Watch(AddressSpace space, ulong start, ulong end, IFaultWatcher? watcher, AreaTraits faults, CpuId cpu) =>
        Change(
            space, start, end, area => (area.Traits, area.Watcher) = ((area.Traits & ~AreaTraits.Told) | faults, watcher), cpu);

    private async ValueTask<bool> Change(AddressSpace space, ulong start, ulong end, Action<VmArea> change, CpuId cpu)
    {
        await _runtime.Take(space.MmapLock);
        List<VmArea>? inside = await unmapping.Cut(space, start, end, cpu);
        inside?.ForEach(change);
        space.Areas.Merge(start, end);
        space.MmapLock.Release();
        return inside is not null;
    }

    /// <summary>
    /// Areas that go on with each other become one. Scripts and recordings of the model keep theirs as they were mapped, so whoever
    /// wants them as on Linux asks for it.
    /// </summary>
    public async ValueTask Merge(AddressSpace space, ulong start, ulong end)
    {
        await _runtime.Take(space.MmapLock);
        space.Areas.Merge(start, end);
        space.MmapLock.Release();
    }
}
