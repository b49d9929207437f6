using Palimpsest.A64.Integer;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Memory;

/// <summary>Where an access goes, and what becomes of the base register when it was performed.</summary>
internal unsafe interface IAddressing
{
    /// <summary>An immediate and no write-back: what SP is the base of is not tag checked.</summary>
    static abstract bool IsImmediate { get; }

    static abstract ulong Of(Cpu cpu, Instruction* at);

    static abstract void WriteBack(Cpu cpu, Instruction* at, ulong address);
}

internal readonly unsafe struct Offset : IAddressing
{
    public static bool IsImmediate => true;

    public static ulong Of(Cpu cpu, Instruction* at) => cpu.X(at->Rn) + (ulong)(long)at->Imm;

    public static void WriteBack(Cpu cpu, Instruction* at, ulong address)
    {
    }
}

internal readonly unsafe struct PreIndex : IAddressing
{
    public static bool IsImmediate => false;

    public static ulong Of(Cpu cpu, Instruction* at) => cpu.X(at->Rn) + (ulong)(long)at->Imm;

    public static void WriteBack(Cpu cpu, Instruction* at, ulong address) => cpu.X(at->Rn) = address;
}

internal readonly unsafe struct PostIndex : IAddressing
{
    public static bool IsImmediate => false;

    public static ulong Of(Cpu cpu, Instruction* at) => cpu.X(at->Rn);

    public static void WriteBack(Cpu cpu, Instruction* at, ulong address) => cpu.X(at->Rn) = address + (ulong)(long)at->Imm;
}

/// <summary>A register of 64 bits, shifted left by Imm.</summary>
internal readonly unsafe struct Index : IAddressing
{
    public static bool IsImmediate => false;

    public static ulong Of(Cpu cpu, Instruction* at) => cpu.X(at->Rn) + (cpu.X(at->Rm) << at->Imm);

    public static void WriteBack(Cpu cpu, Instruction* at, ulong address)
    {
    }
}

/// <summary>A register of 32 bits, extended as Extra says and shifted left by Imm.</summary>
internal readonly unsafe struct ExtendedIndex : IAddressing
{
    public static bool IsImmediate => false;

    public static ulong Of(Cpu cpu, Instruction* at) => cpu.X(at->Rn) + (Extended.Value(cpu.X(at->Rm), at->Extra) << at->Imm);

    public static void WriteBack(Cpu cpu, Instruction* at, ulong address)
    {
    }
}

/// <summary>Relative to the program counter; never tag checked.</summary>
internal readonly unsafe struct Literal : IAddressing
{
    public static bool IsImmediate => true;

    public static ulong Of(Cpu cpu, Instruction* at) => cpu.AddressOf(at) + (ulong)(long)at->Imm;

    public static void WriteBack(Cpu cpu, Instruction* at, ulong address)
    {
    }
}

internal static unsafe class Addressing
{
    /// <summary>Whether tags are checked.</summary>
    public static AccessKind Kind<TMode>(Instruction* at)
        where TMode : struct, IAddressing =>
        typeof(TMode) == typeof(Literal) ? AccessKind.Literal
        : TMode.IsImmediate && at->Rn == Cpu.StackPointer ? AccessKind.StackImmediate
        : AccessKind.Data;
}
