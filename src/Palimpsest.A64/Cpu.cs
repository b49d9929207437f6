using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Palimpsest.Machine.Cores;

namespace Palimpsest.A64;

/// <summary>
/// Registers of one thread at EL0, and the interpreter that runs it on a core (Arm ARM, part C). What MTE keeps in registers is
/// the core's.
/// </summary>
public sealed unsafe partial class Cpu
{
    /// <summary>Index of the register that reads as zero; writes to it go to <see cref="Sink"/>.</summary>
    internal const int Zero = 32;

    internal const int Sink = 33;
    internal const int StackPointer = 31;

    // Flags as they fall out of an operation: N and V in bit 63, Z where this is zero, C as 0 or 1.
    internal ulong Negative;
    internal ulong NotZero = 1;
    internal ulong Carry;
    internal ulong Overflow;

    internal Core Core = null!;
    internal Instruction* PageCode;
    internal ulong PageAddress;

    /// <summary>TPIDR_EL0: where a thread's own data lies.</summary>
    public ulong ThreadPointer;

    /// <summary>FPSR.</summary>
    public uint FloatStatus;

    /// <summary>The core's, for compiled code.</summary>
    internal ShortWay* ShortWays;

    private GeneralRegisters _general;
    private VectorRegisters _vectors;

    /// <summary>FPCR.</summary>
    public uint FloatControl { get; set; }

    /// <summary>Where execution goes on.</summary>
    public ulong Pc { get; set; }

    /// <summary>SP_EL0, in bytes; register number 31 where an instruction takes a stack pointer.</summary>
    public ulong Sp
    {
        get => X(StackPointer);
        set => X(StackPointer) = value;
    }

    /// <summary>PSTATE.N, Z, C and V in bits 31:28.</summary>
    public uint Nzcv
    {
        get => (uint)(Negative >> 63) << 31 | (NotZero == 0 ? 1u << 30 : 0) | (uint)Carry << 29 | (uint)(Overflow >> 63) << 28;
        set
        {
            Negative = (ulong)value << 32;
            NotZero = (value & 1u << 30) == 0 ? 1UL : 0;
            Carry = value >> 29 & 1;
            Overflow = (ulong)value << 35;
        }
    }

    /// <summary>Instructions that have been executed.</summary>
    public long Retired { get; internal set; }

    /// <param name="register">0 to 30; 31 is SP.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ulong X(int register) => ref Unsafe.Add(ref Unsafe.As<GeneralRegisters, ulong>(ref _general), (nint)(uint)register);

    /// <summary>V0 to V31.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Vector128<ulong> V(int register) =>
        ref Unsafe.Add(ref Unsafe.As<VectorRegisters, Vector128<ulong>>(ref _vectors), (nint)(uint)register);

    /// <summary>Takes over all registers of a parent, as fork and clone do.</summary>
    public void CopyFrom(Cpu other)
    {
        _general = other._general;
        _vectors = other._vectors;
        (Pc, Nzcv, ThreadPointer) = (other.Pc, other.Nzcv, other.ThreadPointer);
        (FloatControl, FloatStatus) = (other.FloatControl, other.FloatStatus);
    }

    /// <summary>Address of an instruction of the page that is being executed.</summary>
    internal ulong AddressOf(Instruction* instruction) =>
        PageAddress + ((ulong)((byte*)instruction - (byte*)PageCode) / (ulong)(sizeof(Instruction) / 4));

    /// <summary>Whether a condition holds (Arm ARM, ConditionHolds).</summary>
    internal bool Holds(int condition) => (condition & 15) switch
    {
        0 => NotZero == 0,
        1 => NotZero != 0,
        2 => Carry != 0,
        3 => Carry == 0,
        4 => (long)Negative < 0,
        5 => (long)Negative >= 0,
        6 => (long)Overflow < 0,
        7 => (long)Overflow >= 0,
        8 => Carry != 0 && NotZero != 0,
        9 => Carry == 0 || NotZero == 0,
        10 => (long)(Negative ^ Overflow) >= 0,
        11 => (long)(Negative ^ Overflow) < 0,
        12 => NotZero != 0 && (long)(Negative ^ Overflow) >= 0,
        13 => NotZero == 0 || (long)(Negative ^ Overflow) < 0,
        _ => true,
    };

    [InlineArray(34)]
    private struct GeneralRegisters
    {
        private ulong _first;
    }

    // Halves: what holds vectors of the host is laid out when the program runs, and nothing of it is compiled ahead of time.
    [InlineArray(64)]
    private struct VectorRegisters
    {
        private ulong _first;
    }
}
