using System.Numerics;
using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Vectors;

/// <summary>DUP, INS, SMOV and UMOV: elements to lanes and general registers, and back. Constants for all lanes.</summary>
internal static unsafe class Copies
{
    public static int SizeOf(Encoding e) => BitOperations.TrailingZeroCount(e[20, 16]);

    public static Instruction* DuplicateElement(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = SizeOf(e);
        Fill(cpu, e, size, Lane.Get(ref cpu.V(e.Rn), e[20, 16] >> (size + 1), size));
        return at + 1;
    }

    public static Instruction* DuplicateGeneral(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        Fill(cpu, e, SizeOf(e), cpu.X(Encoding.Read(e.Rn)));
        return at + 1;
    }

    public static Instruction* InsertGeneral(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = SizeOf(e);
        Lane.Set(ref cpu.V(e.Rd), e[20, 16] >> (size + 1), size, cpu.X(Encoding.Read(e.Rn)));
        return at + 1;
    }

    public static Instruction* InsertElement(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = SizeOf(e);
        Lane.Set(ref cpu.V(e.Rd), e[20, 16] >> (size + 1), size, Lane.Get(ref cpu.V(e.Rn), e[14, 11] >> size, size));
        return at + 1;
    }

    /// <summary>SMOV (bit 12 clear, the sign extended to the register's width) and UMOV.</summary>
    public static Instruction* ToGeneral(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = SizeOf(e);
        ulong value = Lane.Get(ref cpu.V(e.Rn), e[20, 16] >> (size + 1), size, isUnsigned: e[12]);
        cpu.X(Encoding.Write(e.Rd)) = e[30] ? value : (uint)value;
        return at + 1;
    }

    /// <summary>MOVI, MVNI, ORR, BIC and FMOV of a constant: 64 bits, repeated.</summary>
    public static Instruction* Constant(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        ulong bits = ModifiedImmediates.Expand(e);
        int mode = e[15, 12];
        bool keeps = mode < 12 && (mode & 1) != 0;
        ulong low = cpu.V(e.Rd).ToScalar();
        ulong high = cpu.V(e.Rd).GetElement(1);
        Vector128<ulong> result = keeps
            ? Vector128.Create(e[29] ? low & ~bits : low | bits, e[29] ? high & ~bits : high | bits)
            : Vector128.Create(bits);
        cpu.V(e.Rd) = e[30] ? result : Vector128.CreateScalar(result.ToScalar());
        return at + 1;
    }

    private static void Fill(Cpu cpu, Encoding e, int size, ulong value)
    {
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            Lane.Set(ref result, lane, size, value);
        }

        cpu.V(e.Rd) = result;
    }
}
