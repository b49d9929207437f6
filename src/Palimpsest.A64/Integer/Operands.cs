using System.Numerics;

namespace Palimpsest.A64.Integer;

/// <summary>The second operand of an operation, before it is cut to the register's width.</summary>
internal unsafe interface IOperand
{
    static abstract ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth;
}

internal readonly unsafe struct Immediate : IOperand
{
    public static ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth => (ulong)(long)at->Imm;
}

/// <summary>One of the constants that logical instructions can have, by its 13 bits.</summary>
internal readonly unsafe struct Mask : IOperand
{
    public static ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth => LogicalImmediates.Value(at->Imm);
}

internal readonly unsafe struct Plain : IOperand
{
    public static ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth => cpu.X(at->Rm);
}

internal readonly unsafe struct ShiftLeft : IOperand
{
    public static ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth => cpu.X(at->Rm) << at->Imm;
}

internal readonly unsafe struct ShiftRight : IOperand
{
    public static ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth => TWidth.Cut(cpu.X(at->Rm)) >> at->Imm;
}

internal readonly unsafe struct ShiftArithmetic : IOperand
{
    public static ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth => (ulong)((long)TWidth.Sign(cpu.X(at->Rm)) >> at->Imm);
}

internal readonly unsafe struct Rotate : IOperand
{
    public static ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth => TWidth.Bits == 64
        ? BitOperations.RotateRight(cpu.X(at->Rm), at->Imm) : BitOperations.RotateRight((uint)cpu.X(at->Rm), at->Imm);
}

/// <summary>ExtendReg: the option in bits 5:3 of Extra, the shift below.</summary>
internal readonly unsafe struct Extended : IOperand
{
    public static ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth => Value(cpu.X(at->Rm), at->Extra >> 3) << (at->Extra & 7);

    public static ulong Value(ulong value, int option) => option switch
    {
        0 => (byte)value,
        1 => (ushort)value,
        2 => (uint)value,
        4 => (ulong)(sbyte)value,
        5 => (ulong)(short)value,
        6 => (ulong)(int)value,
        _ => value,
    };
}

/// <summary>The other operand inverted: BIC, ORN, EON.</summary>
internal readonly unsafe struct Inverted<TOperand> : IOperand
    where TOperand : struct, IOperand
{
    public static ulong Get<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth => ~TOperand.Get<TWidth>(cpu, at);
}
