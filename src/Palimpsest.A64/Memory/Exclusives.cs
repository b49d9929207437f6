using System.Runtime.InteropServices;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Memory;

/// <summary>LDXR and STXR. The monitor is lost at every stop, as it is when Linux returns to a program.</summary>
internal static unsafe class Exclusives
{
    public static Instruction* Clear(Cpu cpu, Instruction* at)
    {
        cpu.ExclusiveBytes = 0;
        return at + 1;
    }

    /// <param name="at">Bytes of a register in Imm; two registers where Rm is not 0.</param>
    public static Instruction* Load(Cpu cpu, Instruction* at)
    {
        ulong address = cpu.X(at->Rn);
        int bytes = at->Rm == 0 ? at->Imm : 2 * at->Imm;
        Span<ulong> values = stackalloc ulong[2];
        values.Clear();
        AccessFault fault = Check(address, bytes, isWrite: false);
        fault = fault.IsNone ? cpu.Core.Load(address, MemoryMarshal.AsBytes(values)[..bytes], Kind(at)) : fault;
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        (cpu.ExclusiveAddress, cpu.ExclusiveBytes) = (address, bytes);
        bool isPairOfWords = bytes == 8 && at->Rm != 0;
        cpu.X(at->Rd) = isPairOfWords ? (uint)values[0] : values[0];
        if (at->Rm != 0)
        {
            cpu.X(at->Extra) = isPairOfWords ? values[0] >> 32 : values[1];
        }

        return at + 1;
    }

    /// <summary>The status goes to Rm's register; two registers are stored where bit 7 of Imm is set.</summary>
    public static Instruction* Store(Cpu cpu, Instruction* at)
    {
        ulong address = cpu.X(at->Rn);
        bool isPair = (at->Imm & 128) != 0;
        int size = at->Imm & 127;
        int bytes = isPair ? 2 * size : size;
        Span<ulong> values = [cpu.X(at->Rd), cpu.X(at->Extra)];
        if (isPair && size == 4)
        {
            values[0] = (uint)values[0] | values[1] << 32;
        }

        AccessFault fault = Check(address, bytes, isWrite: true);
        fault = fault.IsNone ? cpu.Core.Probe(address, bytes, isWrite: true, Kind(at)) : fault;
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        bool holds = cpu.ExclusiveBytes == bytes && cpu.ExclusiveAddress == address;
        if (holds)
        {
            cpu.Core.Store(address, MemoryMarshal.AsBytes(values)[..bytes], Kind(at));
        }

        cpu.ExclusiveBytes = 0;
        cpu.X(at->Rm) = holds ? 0UL : 1;
        return at + 1;
    }

    /// <summary>Atomic accesses are aligned: without FEAT_LSE2 any other is a fault.</summary>
    public static AccessFault Check(ulong address, int bytes, bool isWrite) =>
        (address & (ulong)(bytes - 1)) == 0 ? default : new AccessFault(FaultKind.Alignment, isWrite, address);

    private static AccessKind Kind(Instruction* at) => at->Rn == Cpu.StackPointer ? AccessKind.StackImmediate : AccessKind.Data;
}
