using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Palimpsest.A64.Integer;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Memory;

/// <summary>Stores of one vector register, of B to Q, and of pairs.</summary>
internal static unsafe class VectorStores
{
    /// <param name="at">Bytes in Rm.</param>
    public static Instruction* One<TMode>(Cpu cpu, Instruction* at)
        where TMode : struct, IAddressing
    {
        int bytes = at->Rm;
        ulong address = TMode.Of(cpu, at);
        byte* place = cpu.Core.Place(address, bytes, isWrite: true);
        if (place == null)
        {
            return OneSlowly<TMode>(cpu, at, address);
        }

        Vector128<ulong> value = cpu.V(at->Rd);
        switch (bytes)
        {
            case 16:
                Unsafe.WriteUnaligned(place, value);
                break;
            case 8:
                Unsafe.WriteUnaligned(place, value.ToScalar());
                break;
            case 4:
                Unsafe.WriteUnaligned(place, (uint)value.ToScalar());
                break;
            case 2:
                Unsafe.WriteUnaligned(place, (ushort)value.ToScalar());
                break;
            default:
                *place = (byte)value.ToScalar();
                break;
        }

        TMode.WriteBack(cpu, at, address);
        return at + 1;
    }

    public static Instruction* Indexed(Cpu cpu, Instruction* at)
    {
        ref byte from = ref Unsafe.As<Vector128<ulong>, byte>(ref cpu.V(at->Rd));
        AccessFault fault = cpu.Core.Store(
            IndexedAddress(cpu, at), MemoryMarshal.CreateReadOnlySpan(ref from, at->Extra >> 3), AccessKind.Data);
        return fault.IsNone ? at + 1 : cpu.Fault(at, fault);
    }

    public static Instruction* Pair<TMode>(Cpu cpu, Instruction* at)
        where TMode : struct, IAddressing
    {
        int bytes = at->Rm;
        ulong address = TMode.Of(cpu, at);
        Span<byte> both = stackalloc byte[32];
        Bytes(cpu, at->Rd)[..bytes].CopyTo(both);
        Bytes(cpu, at->Extra)[..bytes].CopyTo(both[bytes..]);
        AccessFault fault = cpu.Core.Store(address, both[..(2 * bytes)], Addressing.Kind<TMode>(at));
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        TMode.WriteBack(cpu, at, address);
        return at + 1;
    }

    public static ulong IndexedAddress(Cpu cpu, Instruction* at) =>
        cpu.X(at->Rn) + (Extended.Value(cpu.X(at->Rm), at->Extra & 7) << at->Imm);

    /// <summary>The 16 bytes of a vector register.</summary>
    public static Span<byte> Bytes(Cpu cpu, int register) =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref cpu.V(register), 1));

    /// <summary>Bytes into a vector register, zeros above them.</summary>
    public static void Put(Cpu cpu, int register, ReadOnlySpan<byte> from)
    {
        Vector128<ulong> value = default;
        from.CopyTo(MemoryMarshal.AsBytes(new Span<Vector128<ulong>>(ref value)));
        cpu.V(register) = value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Instruction* OneSlowly<TMode>(Cpu cpu, Instruction* at, ulong address)
        where TMode : struct, IAddressing
    {
        AccessFault fault = cpu.Core.Store(address, Bytes(cpu, at->Rd)[..at->Rm], Addressing.Kind<TMode>(at));
        if (!fault.IsNone)
        {
            return cpu.Fault(at, fault);
        }

        TMode.WriteBack(cpu, at, address);
        return at + 1;
    }
}
