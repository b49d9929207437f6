using Palimpsest.Kernel;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Processes;
using Palimpsest.Kernel.Steps;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;
using Palimpsest.Steps;

namespace Palimpsest.Races.Worlds;

/// <summary>A thread of a process on a CPU: what it does can be interleaved before each access and within each fault.</summary>
internal sealed class UserThread(RunningKernel kernel, Process process, int cpu)
{
    public ValueTask Store(ulong address, ulong value) => Access(address, core => core.Store64(address, value));

    public ValueTask StoreTag(ulong address, int tag) => Access(address, core => core.Stg(address, LogicalTag.With(address, tag)));

    public async ValueTask<ulong> Load(ulong address)
    {
        ulong value = 0;
        await Access(address, core => core.Load64(address, out value));
        return value;
    }

    public async ValueTask<int> LoadTag(ulong address)
    {
        ulong value = 0;
        await Access(address, core => core.Ldg(address, ref value));
        return LogicalTag.Of(value);
    }

    public async ValueTask Protect(ulong address, long pages, Protection protection) =>
        await kernel.Mappings.Protect(process.Space, address / RaceWorld.Page, (address / RaceWorld.Page) + (ulong)pages, protection, cpu);

    public async ValueTask Unmap(ulong address, long pages) =>
        await kernel.Mappings.Unmap(process.Space, address / RaceWorld.Page, (address / RaceWorld.Page) + (ulong)pages, cpu);

    /// <summary>Accesses until it succeeds, as an instruction that faults is executed again, or its process is killed.</summary>
    private async ValueTask Access(ulong address, Func<Core, AccessFault> instruction)
    {
        while (true)
        {
            await kernel.Runtime.Point(StepKind.UserAccess, (int)(address / RaceWorld.Page));
            kernel.Run(process.Space, cpu);
            Core core = kernel.Cores[cpu];
            core.Registers.Ata0 = true;
            AccessFault fault = instruction(core);
            if (fault.IsNone)
            {
                return;
            }

            FaultOutcome outcome = await kernel.Faults.Handle(process.Space, address / RaceWorld.Page, fault.IsWrite, cpu);
            if (process.Space.IsDying)
            {
                // On its way back to user mode the thread meets its signal.
                return;
            }

            if (outcome == FaultOutcome.Retry)
            {
                await kernel.Runtime.Point(StepKind.Wait, (int)(address / RaceWorld.Page));
            }
            else if (outcome != FaultOutcome.Done)
            {
                throw new InvalidOperationException($"{process.Name} gets a signal: {outcome} at 0x{address:x}");
            }
        }
    }
}
