using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;

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
    public AddressSpace? On(int cpu) => _spaces[cpu];

    /// <summary>A CPU translates by the tables of a space from now on (switch_mm).</summary>
    public void Load(AddressSpace space, int cpu)
    {
        if (_spaces[cpu] != space)
        {
            _spaces[cpu] = space;
            Cores[cpu].Use(space.Tables);
        }
    }

    /// <summary>A CPU translates nothing any more.</summary>
    public void Unload(int cpu)
    {
        _spaces[cpu] = null;
        Cores[cpu].Use(NoProcess.Instance);
    }

    /// <summary>Every CPU forgets the translations of pages of a space (flush_tlb_range).</summary>
    public void Flush(AddressSpace space, ulong page, int count)
    {
        for (int cpu = 0; cpu < _spaces.Length; cpu++)
        {
            if (_spaces[cpu] != space)
            {
                continue;
            }

            if (count > 1)
            {
                Cores[cpu].InvalidateAll();
            }
            else
            {
                Cores[cpu].InvalidatePage(page << _pageShift);
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
