using System.Runtime.CompilerServices;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Memory;

/// <summary>Stores of one general register, and of pairs.</summary>
internal static unsafe class Stores
{
    public static Instruction* One<TLane, TMode>(Cpu cpu, Instruction* at)
        where TLane : struct, ILane
        where TMode : struct, IAddressing
    {
        ulong address = TMode.Of(cpu, at);
        byte* place = cpu.Core.Place(address, TLane.Bytes, isWrite: true);
        if (place == null)
        {
            return OneSlowly<TLane, TMode>(cpu, at, address);
        }

        TLane.Store(place, cpu.X(at->Rd));
        TMode.WriteBack(cpu, at, address);
        return at + 1;
    }

    public static Instruction* Pair<TLane, TMode>(Cpu cpu, Instruction* at)
        where TLane : struct, ILane
        where TMode : struct, IAddressing
    {
        ulong address = TMode.Of(cpu, at);
        byte* place = cpu.Core.Place(address, 2 * TLane.Bytes, isWrite: true);
        if (place == null)
        {
            return PairSlowly<TLane, TMode>(cpu, at, address);
        }

        TLane.Store(place, cpu.X(at->Rd));
        TLane.Store(place + TLane.Bytes, cpu.X(at->Extra));
        TMode.WriteBack(cpu, at, address);
        return at + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Instruction* OneSlowly<TLane, TMode>(Cpu cpu, Instruction* at, ulong address)
        where TLane : struct, ILane
        where TMode : struct, IAddressing
    {
        ulong value = cpu.X(at->Rd);
        AccessFault fault = cpu.Core.Store(address, new ReadOnlySpan<byte>(&value, TLane.Bytes), Addressing.Kind<TMode>(at));
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        TMode.WriteBack(cpu, at, address);
        return at + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Instruction* PairSlowly<TLane, TMode>(Cpu cpu, Instruction* at, ulong address)
        where TLane : struct, ILane
        where TMode : struct, IAddressing
    {
        byte* both = stackalloc byte[16];
        TLane.Store(both, cpu.X(at->Rd));
        TLane.Store(both + TLane.Bytes, cpu.X(at->Extra));
        AccessFault fault = cpu.Core.Store(address, new ReadOnlySpan<byte>(both, 2 * TLane.Bytes), Addressing.Kind<TMode>(at));
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        TMode.WriteBack(cpu, at, address);
        return at + 1;
    }
}
