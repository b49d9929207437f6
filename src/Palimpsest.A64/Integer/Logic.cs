namespace Palimpsest.A64.Integer;

/// <summary>AND, ORR, EOR and their kin, moves, and the choice between two registers.</summary>
internal static unsafe class Logic
{
    public static Instruction* And<TWidth, TOperand>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TOperand : struct, IOperand
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn) & TOperand.Get<TWidth>(cpu, at));
        return at + 1;
    }

    public static Instruction* Or<TWidth, TOperand>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TOperand : struct, IOperand
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn) | TOperand.Get<TWidth>(cpu, at));
        return at + 1;
    }

    public static Instruction* ExclusiveOr<TWidth, TOperand>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TOperand : struct, IOperand
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn) ^ TOperand.Get<TWidth>(cpu, at));
        return at + 1;
    }

    public static Instruction* AndFlags<TWidth, TOperand>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TOperand : struct, IOperand
    {
        ulong result = TWidth.Cut(cpu.X(at->Rn) & TOperand.Get<TWidth>(cpu, at));
        cpu.Negative = TWidth.Sign(result);
        cpu.NotZero = result;
        cpu.Carry = cpu.Overflow = 0;
        cpu.X(at->Rd) = result;
        return at + 1;
    }

    /// <summary>MOV of a register, and what else copies it whole.</summary>
    public static Instruction* Move<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rm));
        return at + 1;
    }

    /// <summary>MOVZ: 16 bits at a shift.</summary>
    public static Instruction* MoveZero(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = (ulong)(uint)at->Imm << at->Extra;
        return at + 1;
    }

    public static Instruction* MoveInverted<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut(~((ulong)(uint)at->Imm << at->Extra));
        return at + 1;
    }

    public static Instruction* MoveKeep<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        ref ulong register = ref cpu.X(at->Rd);
        register = TWidth.Cut((register & ~(0xFFFFUL << at->Extra)) | (ulong)(uint)at->Imm << at->Extra);
        return at + 1;
    }

    /// <summary>CSEL, CSINC, CSINV and CSNEG: the second register inverted, and then incremented, or not.</summary>
    public static Instruction* Select<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        int choice = at->Imm;
        ulong other = cpu.X(at->Rm);
        other = ((choice & 2) != 0 ? ~other : other) + (ulong)(choice & 1);
        cpu.X(at->Rd) = TWidth.Cut(cpu.Holds(at->Extra) ? cpu.X(at->Rn) : other);
        return at + 1;
    }
}
