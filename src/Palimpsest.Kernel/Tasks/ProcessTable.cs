using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Tasks;

/// <summary>The processes of a machine that have not ended, oldest first.</summary>
internal sealed class ProcessTable(KernelEntry kernel)
{
    private readonly List<Process> _processes = [];

    public IReadOnlyList<Process> All => _processes;

    public Process Start(string name, CpuId cpu)
    {
        Process process = new(this, kernel, name, cpu);
        _processes.Add(process);
        return process;
    }

    /// <summary>Unmaps everything that a process has, and forgets it (exit_mm).</summary>
    public async ValueTask End(Process process, CpuId cpu)
    {
        process.Space.IsGone = true;
        await kernel.Mappings.Unmap(process.Space, 0, process.Space.Tables.EndPage, cpu);
        kernel.Processors.Forget(process.Space);
        kernel.Spaces.End(process.Space);
        _processes.Remove(process);
    }
}
