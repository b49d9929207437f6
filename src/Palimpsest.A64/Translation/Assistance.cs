using System.Runtime.CompilerServices;
using Palimpsest.Machine.Cores;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Translation;

/// <summary>What compiled code calls where there is no short way.</summary>
internal static unsafe class Assistance
{
    /// <summary>More could be of three granules.</summary>
    private const int MostShort = 16;

    /// <summary>Loads to the scratch of the CPU; false where it faults.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Load(Cpu cpu, nint at, ulong address, int bytes, AccessKind kind)
    {
        Debug.Slow++;
        byte* place = bytes <= MostShort ? cpu.Core.Place(address, bytes, isWrite: false) : null;
        if (place != null)
        {
            Unsafe.CopyBlockUnaligned(cpu.Scratch, place, (uint)bytes);
            return true;
        }

        AccessFault fault = cpu.Core.Load(address, new Span<byte>(cpu.Scratch, bytes), kind);
        return fault.IsNone || cpu.Fault((Instruction*)at, fault) != null;
    }

    /// <summary>Stores from the scratch of the CPU; false where it faults.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Store(Cpu cpu, nint at, ulong address, int bytes, AccessKind kind)
    {
        Debug.Slow++;
        byte* place = bytes <= MostShort ? cpu.Core.Place(address, bytes, isWrite: true) : null;
        if (place != null)
        {
            Unsafe.CopyBlockUnaligned(place, cpu.Scratch, (uint)bytes);
            return true;
        }

        AccessFault fault = cpu.Core.Store(address, new ReadOnlySpan<byte>(cpu.Scratch, bytes), kind);
        return fault.IsNone || cpu.Fault((Instruction*)at, fault) != null;
    }

    /// <summary>Upper half of a product.</summary>
    public static ulong MultiplyHigh(ulong left, ulong right) => Math.BigMul(left, right, out _);

    public static long MultiplyHighSigned(long left, long right) => Math.BigMul(left, right, out _);
}
