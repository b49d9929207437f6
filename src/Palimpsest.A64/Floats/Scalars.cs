using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Floats;

/// <summary>Scalar floating point: arithmetic, comparisons, choices. The bytes of the format are in Extra.</summary>
internal static unsafe class Scalars
{
    public static Instruction* Binary<TOperation>(Cpu cpu, Instruction* at)
        where TOperation : struct, IFloatBinary
    {
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        ulong result = TOperation.Apply(
            Get(cpu, at->Rn, at->Extra), Get(cpu, at->Rm, at->Extra), FloatFormat.OfBytes(at->Extra), ref environment);
        cpu.FloatStatus = environment.Status;
        Set(cpu, at->Rd, result);
        return at + 1;
    }

    /// <summary>FMADD and kin: the addend in Extra, what is negated in bits 1:0 of Imm.</summary>
    public static Instruction* MultiplyAdd(Cpu cpu, Instruction* at)
    {
        bool isDouble = (at->Imm & 4) != 0;
        int bytes = isDouble ? 8 : 4;
        FloatFormat format = FloatFormat.OfBytes(bytes);
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        ulong addend = Get(cpu, at->Extra, bytes) ^ ((at->Imm & 1) != 0 ? format.SignBit : 0);
        ulong left = Get(cpu, at->Rn, bytes) ^ ((at->Imm & 2) != 0 ? format.SignBit : 0);
        ulong result = SoftFloat.MultiplyAdd(addend, left, Get(cpu, at->Rm, bytes), format, ref environment);
        cpu.FloatStatus = environment.Status;
        Set(cpu, at->Rd, result);
        return at + 1;
    }

    public static Instruction* Move(Cpu cpu, Instruction* at)
    {
        Set(cpu, at->Rd, Get(cpu, at->Rn, at->Extra));
        return at + 1;
    }

    public static Instruction* Absolute(Cpu cpu, Instruction* at)
    {
        Set(cpu, at->Rd, Get(cpu, at->Rn, at->Extra) & ~FloatFormat.OfBytes(at->Extra).SignBit);
        return at + 1;
    }

    public static Instruction* Negate(Cpu cpu, Instruction* at)
    {
        Set(cpu, at->Rd, Get(cpu, at->Rn, at->Extra) ^ FloatFormat.OfBytes(at->Extra).SignBit);
        return at + 1;
    }

    public static Instruction* SquareRoot(Cpu cpu, Instruction* at)
    {
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        ulong result = SoftFloat.SquareRoot(Get(cpu, at->Rn, at->Extra), FloatFormat.OfBytes(at->Extra), ref environment);
        cpu.FloatStatus = environment.Status;
        Set(cpu, at->Rd, result);
        return at + 1;
    }

    /// <summary>FCVT: to a format of Imm bytes.</summary>
    public static Instruction* Convert(Cpu cpu, Instruction* at)
    {
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        ulong result = SoftFloat.Convert(
            Get(cpu, at->Rn, at->Extra), FloatFormat.OfBytes(at->Extra), FloatFormat.OfBytes(at->Imm), ref environment);
        cpu.FloatStatus = environment.Status;
        Set(cpu, at->Rd, result);
        return at + 1;
    }

    /// <summary>FRINT: bits 17:15 of the encoding say how.</summary>
    public static Instruction* RoundToIntegral(Cpu cpu, Instruction* at)
    {
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        int kind = at->Imm;
        Rounding rounding = kind < 5 ? (Rounding)kind : environment.Rounding;
        ulong result = SoftFloat.RoundToIntegral(
            Get(cpu, at->Rn, at->Extra), FloatFormat.OfBytes(at->Extra), rounding, tellsInexact: kind == 6, ref environment);
        cpu.FloatStatus = environment.Status;
        Set(cpu, at->Rd, result);
        return at + 1;
    }

    /// <summary>FCMP and FCMPE: with zero where bit 0 of Imm is set; quiet NaNs signal where bit 1 is.</summary>
    public static Instruction* Compare(Cpu cpu, Instruction* at)
    {
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        ulong right = (at->Imm & 1) != 0 ? 0 : Get(cpu, at->Rm, at->Extra);
        cpu.Nzcv = SoftFloat.Compare(
            Get(cpu, at->Rn, at->Extra), right, FloatFormat.OfBytes(at->Extra), ref environment, (at->Imm & 2) != 0) << 28;
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    public static Instruction* ConditionalCompare(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        if (!cpu.Holds(e[15, 12]))
        {
            cpu.Nzcv = (uint)e[3, 0] << 28;
            return at + 1;
        }

        int bytes = e[22] ? 8 : 4;
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        cpu.Nzcv = SoftFloat.Compare(
            Get(cpu, e.Rn, bytes), Get(cpu, e.Rm, bytes), FloatFormat.OfBytes(bytes), ref environment, signalsQuiet: e[4]) << 28;
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    /// <summary>FCSEL: the condition in Imm.</summary>
    public static Instruction* Select(Cpu cpu, Instruction* at)
    {
        Set(cpu, at->Rd, Get(cpu, cpu.Holds(at->Imm) ? at->Rn : at->Rm, at->Extra));
        return at + 1;
    }

    /// <summary>FMOV of a constant: its eight bits in Imm.</summary>
    public static Instruction* Constant(Cpu cpu, Instruction* at)
    {
        Set(cpu, at->Rd, Expand(at->Imm, FloatFormat.OfBytes(at->Extra)));
        return at + 1;
    }

    /// <summary>VFPExpandImm.</summary>
    public static ulong Expand(int bits, FloatFormat format)
    {
        ulong exponent = (ulong)(bits >> 4 & 3);
        int repeated = format.ExponentBits - 3;
        bool isSet = (bits & 64) != 0;
        exponent |= (isSet ? 0UL : 1UL << (repeated + 2)) | (isSet ? ((1UL << repeated) - 1) << 2 : 0);
        return ((bits & 128) != 0 ? format.SignBit : 0) | exponent << format.FractionBits | (ulong)(bits & 15) << (format.FractionBits - 4);
    }

    public static ulong Get(Cpu cpu, int register, int bytes)
    {
        ulong value = cpu.V(register).ToScalar();
        return bytes == 8 ? value : bytes == 4 ? (uint)value : (ushort)value;
    }

    public static void Set(Cpu cpu, int register, ulong value) => cpu.V(register) = Vector128.CreateScalar(value);
}
