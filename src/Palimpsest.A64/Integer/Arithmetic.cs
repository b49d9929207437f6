using System.Runtime.CompilerServices;

namespace Palimpsest.A64.Integer;

/// <summary>Additions and subtractions, with flags and without.</summary>
internal static unsafe class Arithmetic
{
    public static Instruction* Add<TWidth, TOperand>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TOperand : struct, IOperand
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn) + TOperand.Get<TWidth>(cpu, at));
        return at + 1;
    }

    public static Instruction* Subtract<TWidth, TOperand>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TOperand : struct, IOperand
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn) - TOperand.Get<TWidth>(cpu, at));
        return at + 1;
    }

    public static Instruction* AddFlags<TWidth, TOperand>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TOperand : struct, IOperand
    {
        cpu.X(at->Rd) = Sum<TWidth>(cpu, cpu.X(at->Rn), TOperand.Get<TWidth>(cpu, at), 0);
        return at + 1;
    }

    public static Instruction* SubtractFlags<TWidth, TOperand>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TOperand : struct, IOperand
    {
        cpu.X(at->Rd) = Difference<TWidth>(cpu, cpu.X(at->Rn), TOperand.Get<TWidth>(cpu, at));
        return at + 1;
    }

    public static Instruction* AddCarry<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn) + cpu.X(at->Rm) + cpu.Carry);
        return at + 1;
    }

    public static Instruction* SubtractCarry<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn) + ~cpu.X(at->Rm) + cpu.Carry);
        return at + 1;
    }

    public static Instruction* AddCarryFlags<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = Sum<TWidth>(cpu, cpu.X(at->Rn), cpu.X(at->Rm), cpu.Carry);
        return at + 1;
    }

    public static Instruction* SubtractCarryFlags<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = Sum<TWidth>(cpu, cpu.X(at->Rn), ~cpu.X(at->Rm), cpu.Carry);
        return at + 1;
    }

    /// <summary>CCMP and CCMN: the comparison, or flags as given.</summary>
    public static Instruction* ConditionalCompare<TWidth, TOperand>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
        where TOperand : struct, IOperand
    {
        int choice = at->Extra;
        if (!cpu.Holds(choice >> 4))
        {
            cpu.Nzcv = (uint)(choice & 15) << 28;
        }
        else if (at->Rd == 0)
        {
            Difference<TWidth>(cpu, cpu.X(at->Rn), TOperand.Get<TWidth>(cpu, at));
        }
        else
        {
            Sum<TWidth>(cpu, cpu.X(at->Rn), TOperand.Get<TWidth>(cpu, at), 0);
        }

        return at + 1;
    }

    /// <summary>AddWithCarry of the Arm ARM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Sum<TWidth>(Cpu cpu, ulong left, ulong right, ulong carry)
        where TWidth : struct, IWidth
    {
        ulong a = TWidth.Cut(left);
        ulong b = TWidth.Cut(right);
        ulong sum = a + b + carry;
        ulong result = TWidth.Cut(sum);
        cpu.Carry = TWidth.Bits == 32 ? sum >> 32 : sum < a || (carry != 0 && sum == a) ? 1UL : 0;
        cpu.Negative = TWidth.Sign(result);
        cpu.NotZero = result;
        cpu.Overflow = TWidth.Sign((a ^ result) & (b ^ result));
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Difference<TWidth>(Cpu cpu, ulong left, ulong right)
        where TWidth : struct, IWidth
    {
        ulong a = TWidth.Cut(left);
        ulong b = TWidth.Cut(right);
        ulong result = TWidth.Cut(a - b);
        cpu.Carry = a >= b ? 1UL : 0;
        cpu.Negative = TWidth.Sign(result);
        cpu.NotZero = result;
        cpu.Overflow = TWidth.Sign((a ^ b) & (a ^ result));
        return result;
    }
}
