using System.Runtime.InteropServices;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Memory;

/// <summary>FEAT_LSE: what reads, changes and writes in one, and load-acquire and store-release.</summary>
internal static unsafe class Atomics
{
    /// <summary>LDADD to SWP: the operation in Imm, old value to Rd, operand in Rm.</summary>
    public static Instruction* Change<TLane>(Cpu cpu, Instruction* at)
        where TLane : struct, ILane
    {
        ulong address = cpu.X(at->Rn);
        ulong buffer = 0;
        byte* place = Reach(cpu, at, address, TLane.Bytes, &buffer, out AccessFault fault);
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        ulong old = TLane.Load(place);
        TLane.Store(place, Changed(at->Imm, old, cpu.X(at->Rm), TLane.Bytes * 8));
        if (place == (byte*)&buffer)
        {
            cpu.Core.Store(address, new ReadOnlySpan<byte>(&buffer, TLane.Bytes), AccessKind.UserCopy);
        }

        cpu.X(at->Rd) = old;
        return at + 1;
    }

    /// <summary>CAS: compared with Rm, which gets the old value; Rd is stored.</summary>
    public static Instruction* Swap<TLane>(Cpu cpu, Instruction* at)
        where TLane : struct, ILane
    {
        ulong address = cpu.X(at->Rn);
        ulong buffer = 0;
        byte* place = Reach(cpu, at, address, TLane.Bytes, &buffer, out AccessFault fault);
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        ulong old = TLane.Load(place);
        if (old == (cpu.X(at->Rm) & (ulong.MaxValue >> (64 - (TLane.Bytes * 8)))))
        {
            TLane.Store(place, cpu.X(at->Rd));
            if (place == (byte*)&buffer)
            {
                cpu.Core.Store(address, new ReadOnlySpan<byte>(&buffer, TLane.Bytes), AccessKind.UserCopy);
            }
        }

        cpu.X(at->Rm == Cpu.Zero ? Cpu.Sink : at->Rm) = old;
        return at + 1;
    }

    /// <summary>CASP: pairs of registers, of Imm bytes each.</summary>
    public static Instruction* SwapPair(Cpu cpu, Instruction* at)
    {
        ulong address = cpu.X(at->Rn);
        int size = at->Imm;
        Span<ulong> old = stackalloc ulong[2];
        Span<byte> bytes = MemoryMarshal.AsBytes(old)[..(2 * size)];
        AccessFault fault = Exclusives.Check(address, 2 * size, isWrite: true);
        fault = fault.IsNone ? cpu.Core.Probe(address, 2 * size, isWrite: true, Kind(at), alsoReads: true) : fault;
        fault = fault.IsNone ? cpu.Core.Load(address, bytes, AccessKind.UserCopy) : fault;
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault with { IsWrite = true });
        }

        ulong first = size == 4 ? (uint)old[0] : old[0];
        ulong second = size == 4 ? old[0] >> 32 : old[1];
        ulong mask = ulong.MaxValue >> (64 - (size * 8));
        if (first == (cpu.X(at->Rm) & mask) && second == (Second(cpu, at->Rm) & mask))
        {
            ulong low = cpu.X(at->Rd);
            ulong high = Second(cpu, at->Rd);
            Span<ulong> values = [size == 4 ? (uint)low | high << 32 : low, high];
            cpu.Core.Store(address, MemoryMarshal.AsBytes(values)[..(2 * size)], AccessKind.UserCopy);
        }

        cpu.X(at->Rm) = first;
        cpu.X(at->Rm == 30 ? Cpu.Sink : at->Rm + 1) = second;
        return at + 1;
    }

    /// <summary>LDAR and LDAPR.</summary>
    public static Instruction* LoadAcquire<TLane>(Cpu cpu, Instruction* at)
        where TLane : struct, ILane
    {
        AccessFault fault = Exclusives.Check(cpu.X(at->Rn), TLane.Bytes, isWrite: false);
        return fault.IsNone ? Loads.One<TLane, Offset>(cpu, at) : cpu.Fault(at, fault);
    }

    /// <summary>STLR.</summary>
    public static Instruction* StoreRelease<TLane>(Cpu cpu, Instruction* at)
        where TLane : struct, ILane
    {
        AccessFault fault = Exclusives.Check(cpu.X(at->Rn), TLane.Bytes, isWrite: true);
        return fault.IsNone ? Stores.One<TLane, Offset>(cpu, at) : cpu.Fault(at, fault);
    }

    /// <summary>Register 31 behind 30 is the zero register.</summary>
    private static ulong Second(Cpu cpu, int register) => cpu.X(register == 30 ? Cpu.Zero : register + 1);

    private static AccessKind Kind(Instruction* at) => at->Rn == Cpu.StackPointer ? AccessKind.StackImmediate : AccessKind.Data;

    /// <summary>The place itself, or the buffer with its content, which has to be stored.</summary>
    private static byte* Reach(Cpu cpu, Instruction* at, ulong address, int bytes, ulong* buffer, out AccessFault fault)
    {
        fault = Exclusives.Check(address, bytes, isWrite: true);
        byte* place = fault.IsNone ? cpu.Core.Place(address, bytes, isWrite: true) : null;
        if (place == null && fault.IsNone)
        {
            fault = cpu.Core.Probe(address, bytes, isWrite: true, Kind(at), alsoReads: true);
            place = (byte*)buffer;
            if (fault.IsNone)
            {
                cpu.Core.Load(address, new Span<byte>(place, bytes), AccessKind.UserCopy);
            }
        }

        return place;
    }

    private static ulong Changed(int operation, ulong old, ulong operand, int bits)
    {
        int shift = 64 - bits;
        ulong value = operand << shift >> shift;
        return operation switch
        {
            0 => old + value,
            1 => old & ~value,
            2 => old ^ value,
            3 => old | value,
            4 => (long)(old << shift) > (long)(value << shift) ? old : value,
            5 => (long)(old << shift) < (long)(value << shift) ? old : value,
            6 => Math.Max(old, value),
            7 => Math.Min(old, value),
            _ => value,
        };
    }
}
