using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64.Memory;

/// <summary>Loads of one general or vector register, and of pairs.</summary>
internal static unsafe class Loads
{
    public static Instruction* One<TLane, TMode>(Cpu cpu, Instruction* at)
        where TLane : struct, ILane
        where TMode : struct, IAddressing
    {
        ulong address = TMode.Of(cpu, at);
        byte* place = cpu.Core.Place(address, TLane.Bytes, isWrite: false);
        if (place == null)
        {
            return OneSlowly<TLane, TMode>(cpu, at, address);
        }

        ulong value = TLane.Load(place);
        TMode.WriteBack(cpu, at, address);
        cpu.X(at->Rd) = value;
        return at + 1;
    }

    public static Instruction* Pair<TLane, TMode>(Cpu cpu, Instruction* at)
        where TLane : struct, ILane
        where TMode : struct, IAddressing
    {
        ulong address = TMode.Of(cpu, at);
        byte* place = cpu.Core.Place(address, 2 * TLane.Bytes, isWrite: false);
        return place == null ? PairSlowly<TLane, TMode>(cpu, at, address) : Deal<TLane, TMode>(cpu, at, address, place);
    }

    /// <summary>One vector register, with zeros above what is loaded.</summary>
    public static Instruction* Vector<TMode>(Cpu cpu, Instruction* at)
        where TMode : struct, IAddressing
    {
        int bytes = at->Rm;
        ulong address = TMode.Of(cpu, at);
        byte* place = cpu.Core.Place(address, bytes, isWrite: false);
        if (place == null)
        {
            return VectorSlowly<TMode>(cpu, at, address);
        }

        TMode.WriteBack(cpu, at, address);
        cpu.V(at->Rd) = bytes switch
        {
            16 => Unsafe.ReadUnaligned<Vector128<ulong>>(place),
            8 => Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(place)),
            4 => Vector128.CreateScalar((ulong)Unsafe.ReadUnaligned<uint>(place)),
            2 => Vector128.CreateScalar((ulong)Unsafe.ReadUnaligned<ushort>(place)),
            _ => Vector128.CreateScalar((ulong)*place),
        };
        return at + 1;
    }

    /// <summary>As <see cref="Vector"/>, with an index; the bytes are in Extra's upper bits.</summary>
    public static Instruction* VectorIndexed(Cpu cpu, Instruction* at)
    {
        int bytes = at->Extra >> 3;
        ulong address = VectorStores.IndexedAddress(cpu, at);
        Vector128<byte> value = default;
        AccessFault fault = cpu.Core.Load(
            address, MemoryMarshal.CreateSpan(ref Unsafe.As<Vector128<byte>, byte>(ref value), bytes), Machine.Mte.AccessKind.Data);
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        cpu.V(at->Rd) = value.AsUInt64();
        return at + 1;
    }

    /// <summary>Two vector registers of 4 to 16 bytes each.</summary>
    public static Instruction* VectorPair<TMode>(Cpu cpu, Instruction* at)
        where TMode : struct, IAddressing
    {
        int bytes = at->Rm;
        ulong address = TMode.Of(cpu, at);
        Span<byte> both = stackalloc byte[32];
        AccessFault fault = cpu.Core.Load(address, both[..(2 * bytes)], Addressing.Kind<TMode>(at));
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        TMode.WriteBack(cpu, at, address);
        VectorStores.Put(cpu, at->Rd, both[..bytes]);
        VectorStores.Put(cpu, at->Extra, both.Slice(bytes, bytes));
        return at + 1;
    }

    /// <summary>PRFM: a program cannot see it.</summary>
    public static Instruction* Prefetch(Cpu cpu, Instruction* at) => at + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Instruction* Deal<TLane, TMode>(Cpu cpu, Instruction* at, ulong address, byte* place)
        where TLane : struct, ILane
        where TMode : struct, IAddressing
    {
        ulong first = TLane.Load(place);
        ulong second = TLane.Load(place + TLane.Bytes);
        TMode.WriteBack(cpu, at, address);
        cpu.X(at->Rd) = first;
        cpu.X(at->Extra) = second;
        return at + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Instruction* OneSlowly<TLane, TMode>(Cpu cpu, Instruction* at, ulong address)
        where TLane : struct, ILane
        where TMode : struct, IAddressing
    {
        ulong bytes = 0;
        AccessFault fault = cpu.Core.Load(address, new Span<byte>(&bytes, TLane.Bytes), Addressing.Kind<TMode>(at));
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        TMode.WriteBack(cpu, at, address);
        cpu.X(at->Rd) = TLane.Load((byte*)&bytes);
        return at + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Instruction* PairSlowly<TLane, TMode>(Cpu cpu, Instruction* at, ulong address)
        where TLane : struct, ILane
        where TMode : struct, IAddressing
    {
        byte* both = stackalloc byte[16];
        AccessFault fault = cpu.Core.Load(address, new Span<byte>(both, 2 * TLane.Bytes), Addressing.Kind<TMode>(at));
        return fault.IsNone ? Deal<TLane, TMode>(cpu, at, address, both) : cpu.Fault(at, fault);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Instruction* VectorSlowly<TMode>(Cpu cpu, Instruction* at, ulong address)
        where TMode : struct, IAddressing
    {
        Vector128<ulong> value = default;
        AccessFault fault = cpu.Core.Load(address, new Span<byte>(&value, at->Rm), Addressing.Kind<TMode>(at));
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        TMode.WriteBack(cpu, at, address);
        cpu.V(at->Rd) = value;
        return at + 1;
    }
}
