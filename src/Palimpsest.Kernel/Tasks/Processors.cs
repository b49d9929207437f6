using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Cores;

namespace Palimpsest.Kernel.Tasks;

/// <summary>Which task each CPU has, and the one context switch.</summary>
internal sealed class Processors(LoadedSpaces loaded, KernelRuntime runtime)
{
    private readonly Core[] _cores = loaded.Cores;
    private readonly LinuxTask?[] _tasks = new LinuxTask?[loaded.Cores.Length];
    private readonly bool _savesFaults = runtime.Has(Safeguards.ReadFaultsOnEntry);

    /// <summary>The CPU of a task, which runs there from now on.</summary>
    public Core RunOn(LinuxTask task)
    {
        int cpu = task.Cpu;
        if (!ReferenceEquals(_tasks[cpu], task))
        {
            Switch(task, cpu);
        }

        return _cores[cpu];
    }

    /// <summary>A task runs nowhere for now; what its registers hold it keeps.</summary>
    public void Leave(LinuxTask task)
    {
        if (ReferenceEquals(_tasks[task.Cpu], task))
        {
            task.Registers.Save(_cores[task.Cpu], _savesFaults);
            _tasks[task.Cpu] = null;
        }
    }

    /// <summary>No CPU knows a space any more.</summary>
    public void Forget(AddressSpace space)
    {
        for (int cpu = 0; cpu < _cores.Length; cpu++)
        {
            if (loaded.On(cpu) == space)
            {
                _tasks[cpu] = null;
                _cores[cpu].TakeAsyncFault();
                loaded.Unload(cpu);
            }
        }
    }

    private void Switch(LinuxTask next, int cpu)
    {
        next.RequireLife();
        Core core = _cores[cpu];
        _tasks[cpu]?.Registers.Save(core, _savesFaults);
        next.Registers.Restore(core.Registers);
        _tasks[cpu] = next;
        loaded.Load(next.Space, cpu);
    }
}
