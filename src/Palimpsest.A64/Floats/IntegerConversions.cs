using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Floats;

/// <summary>Between general registers and floating point: moves of bits, integers and fixed point.</summary>
internal static unsafe class IntegerConversions
{
    /// <summary>FCVTNS to FCVTZU, to integers and to fixed point.</summary>
    public static Instruction* ToInteger(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int bytes = e[22] ? 8 : 4;
        int fractionBits = e[21] ? 0 : 64 - e[15, 10];
        Rounding rounding = e[18, 17] == 2 ? Rounding.Away : (Rounding)e[20, 19];
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        cpu.X(Encoding.Write(e.Rd)) = SoftFloat.ToInteger(
            Scalars.Get(cpu, e.Rn, bytes), FloatFormat.OfBytes(bytes), e.IsWide ? 64 : 32, fractionBits, e[16], rounding, ref environment);
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    /// <summary>SCVTF and UCVTF.</summary>
    public static Instruction* FromInteger(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int fractionBits = e[21] ? 0 : 64 - e[15, 10];
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        ulong result = SoftFloat.FromInteger(
            cpu.X(Encoding.Read(e.Rn)), e[22] ? FloatFormat.Double : FloatFormat.Single, e.IsWide ? 64 : 32, fractionBits, e[16],
            ref environment);
        cpu.FloatStatus = environment.Status;
        Scalars.Set(cpu, e.Rd, result);
        return at + 1;
    }

    public static Instruction* MoveToGeneral(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = Scalars.Get(cpu, at->Rn, at->Extra);
        return at + 1;
    }

    public static Instruction* MoveFromGeneral(Cpu cpu, Instruction* at)
    {
        Scalars.Set(cpu, at->Rd, at->Extra == 8 ? cpu.X(at->Rn) : (uint)cpu.X(at->Rn));
        return at + 1;
    }

    public static Instruction* MoveUpperToGeneral(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = cpu.V(at->Rn).GetElement(1);
        return at + 1;
    }

    public static Instruction* MoveUpperFromGeneral(Cpu cpu, Instruction* at)
    {
        cpu.V(at->Rd) = cpu.V(at->Rd).WithElement(1, cpu.X(at->Rn));
        return at + 1;
    }
}
