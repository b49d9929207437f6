using Palimpsest.A64.Integer;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Tags;

/// <summary>Instructions that make tagged addresses and touch no memory.</summary>
internal static unsafe class TagRegisters
{
    public static Instruction* AddTag(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = TagArithmetic.Addg(cpu.Core.Registers, cpu.X(at->Rn), at->Imm, at->Extra);
        return at + 1;
    }

    public static Instruction* SubtractTag(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = TagArithmetic.Subg(cpu.Core.Registers, cpu.X(at->Rn), at->Imm, at->Extra);
        return at + 1;
    }

    public static Instruction* RandomTag(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = TagArithmetic.Irg(cpu.Core.Registers, cpu.X(at->Rn), cpu.X(at->Rm));
        return at + 1;
    }

    public static Instruction* MaskOfTag(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = TagArithmetic.Gmi(cpu.X(at->Rn), cpu.X(at->Rm));
        return at + 1;
    }

    public static Instruction* SubtractAddresses(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = TagArithmetic.Subp(cpu.X(at->Rn), cpu.X(at->Rm));
        return at + 1;
    }

    public static Instruction* SubtractAddressesFlags(Cpu cpu, Instruction* at)
    {
        ulong left = (ulong)((long)(cpu.X(at->Rn) << 8) >> 8);
        ulong right = (ulong)((long)(cpu.X(at->Rm) << 8) >> 8);
        cpu.X(at->Rd) = Arithmetic.Difference<Wide>(cpu, left, right);
        return at + 1;
    }
}
