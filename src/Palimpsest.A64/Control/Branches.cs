using Palimpsest.A64.Integer;

namespace Palimpsest.A64.Control;

/// <summary>How far a branch goes: within the decoded page, or anywhere.</summary>
internal unsafe interface IDistance
{
    static abstract Instruction* Go(Cpu cpu, Instruction* at);
}

internal readonly unsafe struct Near : IDistance
{
    public static Instruction* Go(Cpu cpu, Instruction* at) => cpu.Arrive(at + at->Imm);
}

internal readonly unsafe struct Far : IDistance
{
    public static Instruction* Go(Cpu cpu, Instruction* at) => cpu.GoTo(cpu.AddressOf(at) + ((ulong)(long)at->Imm << 2));
}

/// <summary>Branches, and addresses relative to the program counter.</summary>
internal static unsafe class Branches
{
    private const int Link = 30;

    public static Instruction* Nothing(Cpu cpu, Instruction* at) => at + 1;

    /// <summary>ISB: what was written before it is executed behind it.</summary>
    public static Instruction* Synchronize(Cpu cpu, Instruction* at) => cpu.GoTo(cpu.AddressOf(at) + 4);

    public static Instruction* Address(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = cpu.AddressOf(at) + (ulong)(long)at->Imm;
        return at + 1;
    }

    public static Instruction* PageAddress(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = cpu.PageAddress + ((ulong)(long)at->Imm << 12);
        return at + 1;
    }

    public static Instruction* Jump(Cpu cpu, Instruction* at) => Near.Go(cpu, at);

    public static Instruction* JumpFar(Cpu cpu, Instruction* at) => Far.Go(cpu, at);

    public static Instruction* Call(Cpu cpu, Instruction* at)
    {
        cpu.X(Link) = cpu.AddressOf(at) + 4;
        return Near.Go(cpu, at);
    }

    public static Instruction* CallFar(Cpu cpu, Instruction* at)
    {
        cpu.X(Link) = cpu.AddressOf(at) + 4;
        return Far.Go(cpu, at);
    }

    /// <summary>BR and RET.</summary>
    public static Instruction* JumpRegister(Cpu cpu, Instruction* at) => cpu.GoTo(cpu.X(at->Rn));

    public static Instruction* CallRegister(Cpu cpu, Instruction* at)
    {
        ulong target = cpu.X(at->Rn);
        cpu.X(Link) = cpu.AddressOf(at) + 4;
        return cpu.GoTo(target);
    }

    public static Instruction* IfZero<TWidth, TDistance>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TDistance : struct, IDistance => TWidth.Cut(cpu.X(at->Rn)) == 0 ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* IfNotZero<TWidth, TDistance>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TDistance : struct, IDistance => TWidth.Cut(cpu.X(at->Rn)) != 0 ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* IfBitSet<TDistance>(Cpu cpu, Instruction* at)
        where TDistance : struct, IDistance => (cpu.X(at->Rn) >> at->Extra & 1) != 0 ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* IfBitClear<TDistance>(Cpu cpu, Instruction* at)
        where TDistance : struct, IDistance => (cpu.X(at->Rn) >> at->Extra & 1) == 0 ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* If<TDistance>(Cpu cpu, Instruction* at)
        where TDistance : struct, IDistance => cpu.Holds(at->Extra) ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* IfEqual<TDistance>(Cpu cpu, Instruction* at)
        where TDistance : struct, IDistance => cpu.NotZero == 0 ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* IfNotEqual<TDistance>(Cpu cpu, Instruction* at)
        where TDistance : struct, IDistance => cpu.NotZero != 0 ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* IfCarry<TDistance>(Cpu cpu, Instruction* at)
        where TDistance : struct, IDistance => cpu.Carry != 0 ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* IfNoCarry<TDistance>(Cpu cpu, Instruction* at)
        where TDistance : struct, IDistance => cpu.Carry == 0 ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* IfAtLeast<TDistance>(Cpu cpu, Instruction* at)
        where TDistance : struct, IDistance => (long)(cpu.Negative ^ cpu.Overflow) >= 0 ? TDistance.Go(cpu, at) : at + 1;

    public static Instruction* IfLess<TDistance>(Cpu cpu, Instruction* at)
        where TDistance : struct, IDistance => (long)(cpu.Negative ^ cpu.Overflow) < 0 ? TDistance.Go(cpu, at) : at + 1;
}
