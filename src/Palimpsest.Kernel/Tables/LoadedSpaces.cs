using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tables;

/// <summary>The CPUs, which address space each has loaded, and the shootdown of translations.</summary>
internal sealed class LoadedSpaces
{
    private readonly AddressSpace?[] _spaces;
    private readonly int _pageShift;

    public LoadedSpaces(int count, TaggedMemory memory)
    {
        _spaces = new AddressSpace?[count];
        _pageShift = memory.Layout.Geometry.PageShift;
        Cores = [.. Enumerable.Range(0, count).Select(cpu => new Core(cpu, memory, NoProcess.Instance))];
    }

    public Core[] Cores { get; }

    /// <summary>The address space that a CPU has loaded, whether or not a task of it runs.</summary>
    public AddressSpace? On(CpuId cpu) => _spaces[cpu.Index];

    /// <summary>A CPU translates by the tables of a space from now on (switch_mm).</summary>
    public void Load(AddressSpace space, CpuId cpu)
    {
        if (_spaces[cpu.Index] != space)
        {
            _spaces[cpu.Index] = space;
            Cores[cpu.Index].Use(space.Tables);
        }
    }

    /// <summary>A CPU translates nothing any more.</summary>
    public void Unload(CpuId cpu)
    {
        _spaces[cpu.Index] = null;
        Cores[cpu.Index].Use(NoProcess.Instance);
    }

    /// <summary>Every CPU forgets the translations of pages of a space (flush_tlb_range).</summary>
    public void Flush(AddressSpace space, ulong page, int count)
    {
        for (CpuId cpu = CpuId.Boot; cpu.Index < _spaces.Length; cpu++)
        {
            if (_spaces[cpu.Index] != space)
            {
                continue;
            }

            if (count > 1)
            {
                Cores[cpu.Index].InvalidateAll();
            }
            else
            {
                Cores[cpu.Index].InvalidatePage(page << _pageShift);
            }
        }
    }

    /// <summary>What a CPU without a process has mapped: nothing.</summary>
    private sealed class NoProcess : PageTable
    {
        public static readonly NoProcess Instance = new();

        public override bool TryTranslate(ulong page, out Translation translation)
        {
            translation = default;
            return false;
        }
    }
}
