using Palimpsest.A64.Memory;
using Palimpsest.Machine.Cores;
using Palimpsest.Vocabulary;

namespace Palimpsest.A64.Tags;

/// <summary>Instructions that load and store allocation tags. None of them is tag checked.</summary>
internal static unsafe class TagMemory
{
    public static Instruction* Load(Cpu cpu, Instruction* at)
    {
        ulong address = cpu.X(at->Rn) + (ulong)(long)at->Imm;
        ulong value = cpu.X(at->Rm);
        AccessFault fault = cpu.Core.Ldg(address & ~(ulong)(TagGeometry.GranuleBytes - 1), ref value);
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        cpu.X(at->Rd) = value;
        return at + 1;
    }

    /// <summary>STG, ST2G, STZG and STZ2G: two granules where Extra has bit 0, zeroed data where it has bit 1.</summary>
    public static Instruction* Store<TMode>(Cpu cpu, Instruction* at)
        where TMode : struct, IAddressing
    {
        ulong address = TMode.Of(cpu, at);
        ulong source = cpu.X(at->Rd);
        AccessFault fault = at->Extra switch
        {
            0 => cpu.Core.Stg(address, source),
            1 => cpu.Core.St2g(address, source),
            2 => cpu.Core.Stzg(address, source),
            _ => cpu.Core.Stz2g(address, source),
        };
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        TMode.WriteBack(cpu, at, address);
        return at + 1;
    }

    public static Instruction* StorePair<TMode>(Cpu cpu, Instruction* at)
        where TMode : struct, IAddressing
    {
        ulong address = TMode.Of(cpu, at);
        AccessFault fault = cpu.Core.Stgp(address, cpu.X(at->Rd), cpu.X(at->Extra));
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        TMode.WriteBack(cpu, at, address);
        return at + 1;
    }
}
