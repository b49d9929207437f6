using Palimpsest.Kernel.Steps;
using Palimpsest.Kernel.Tables;
using Palimpsest.Machine.Cores;
using Palimpsest.Vocabulary;

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
        CpuId cpu = task.Cpu;
        if (!ReferenceEquals(_tasks[cpu.Index], task))
        {
            Switch(task, cpu);
        }

        return _cores[cpu.Index];
    }

    /// <summary>A task runs nowhere for now; what its registers hold it keeps.</summary>
    public void Leave(LinuxTask task)
    {
        if (ReferenceEquals(_tasks[task.Cpu.Index], task))
        {
            task.Registers.Save(_cores[task.Cpu.Index], _savesFaults);
            _tasks[task.Cpu.Index] = null;
        }
    }

    /// <summary>No CPU knows a space any more.</summary>
    public void Forget(AddressSpace space)
    {
        for (CpuId cpu = CpuId.Boot; cpu.Index < _cores.Length; cpu++)
        {
            if (loaded.On(cpu) == space)
            {
                _tasks[cpu.Index] = null;
                _cores[cpu.Index].TakeAsyncFault();
                loaded.Unload(cpu);
            }
        }
    }

    private void Switch(LinuxTask next, CpuId cpu)
    {
        next.RequireLife();
        Core core = _cores[cpu.Index];
        _tasks[cpu.Index]?.Registers.Save(core, _savesFaults);
        next.Registers.Restore(core.Registers);
        _tasks[cpu.Index] = next;
        loaded.Load(next.Space, cpu);
    }
}
