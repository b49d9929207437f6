using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Tags;

/// <summary>DC ZVA, DC GVA and DC GZVA, and maintenance of caches, which a program cannot see.</summary>
internal static unsafe class BlockInstructions
{
    public static Instruction* ZeroData(Cpu cpu, Instruction* at)
    {
        ulong address = cpu.X(at->Rn) & ~(ulong)(Core.ZeroBlockBytes - 1);
        AccessFault fault = cpu.Core.Store(address, stackalloc byte[Core.ZeroBlockBytes], AccessKind.Data);
        return fault.IsNone ? at + 1 : cpu.Fault(at, fault with { Address = fault.Address == address ? cpu.X(at->Rn) : fault.Address });
    }

    public static Instruction* SetTags(Cpu cpu, Instruction* at)
    {
        AccessFault fault = cpu.Core.DcGva(cpu.X(at->Rn));
        return fault.IsNone ? at + 1 : cpu.Fault(at, fault with { Address = cpu.X(at->Rn) });
    }

    public static Instruction* ZeroDataAndSetTags(Cpu cpu, Instruction* at)
    {
        AccessFault fault = cpu.Core.DcGzva(cpu.X(at->Rn));
        return fault.IsNone ? at + 1 : cpu.Fault(at, fault with { Address = cpu.X(at->Rn) });
    }

    /// <summary>DC CVAC and the like: the address has to be readable.</summary>
    public static Instruction* Maintain(Cpu cpu, Instruction* at)
    {
        AccessFault fault = cpu.Core.Probe(cpu.X(at->Rn), 1, isWrite: false, AccessKind.CacheMaintenance);
        return fault.IsNone ? at + 1 : cpu.Fault(at, fault);
    }
}
