using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Steps;
using Palimpsest.Machine.Caches;
using Palimpsest.Machine.Cores;

namespace Palimpsest.Kernel.Tasks;

/// <summary>Which task and which address space each CPU has, the one context switch, and the shootdown of translations.</summary>
internal sealed class Processors
{
    private readonly LinuxTask?[] _tasks;
    private readonly AddressSpace?[] _spaces;
    private readonly int _pageShift;
    private readonly bool _savesFaults;

    public Processors(int count, TaggedMemory memory, KernelRuntime runtime)
    {
        _savesFaults = runtime.Has(Safeguards.ReadFaultsOnEntry);
        _tasks = new LinuxTask?[count];
        _spaces = new AddressSpace?[count];
        _pageShift = memory.Layout.Geometry.PageShift;
        Cores = [.. Enumerable.Range(0, count).Select(cpu => new Core(cpu, memory, NoProcess.Instance))];
    }

    public Core[] Cores { get; }

    /// <summary>The CPU of a task, which runs there from now on.</summary>
    public Core RunOn(LinuxTask task)
    {
        int cpu = task.Cpu;
        if (!ReferenceEquals(_tasks[cpu], task))
        {
            Switch(task, cpu);
        }

        return Cores[cpu];
    }

    /// <summary>A task runs nowhere for now; what its registers hold it keeps.</summary>
    public void Leave(LinuxTask task)
    {
        if (ReferenceEquals(_tasks[task.Cpu], task))
        {
            task.Registers.Save(Cores[task.Cpu], _savesFaults);
            _tasks[task.Cpu] = null;
        }
    }

    /// <summary>The address space that a CPU has loaded, whether or not a task of it runs.</summary>
    public AddressSpace? SpaceOn(int cpu) => _spaces[cpu];

    /// <summary>No CPU knows a space any more.</summary>
    public void Forget(AddressSpace space)
    {
        for (int cpu = 0; cpu < _spaces.Length; cpu++)
        {
            if (_spaces[cpu] == space)
            {
                (_spaces[cpu], _tasks[cpu]) = (null, null);
                Cores[cpu].TakeAsyncFault();
                Cores[cpu].Use(NoProcess.Instance);
            }
        }
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

    private void Switch(LinuxTask next, int cpu)
    {
        next.RequireLife();
        Core core = Cores[cpu];
        _tasks[cpu]?.Registers.Save(core, _savesFaults);
        next.Registers.Restore(core.Registers);
        _tasks[cpu] = next;
        if (_spaces[cpu] != next.Space)
        {
            _spaces[cpu] = next.Space;
            core.Use(next.Space.Tables);
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
