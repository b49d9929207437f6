using System.Buffers.Binary;
using System.Numerics;

namespace Palimpsest.A64.Integer;

/// <summary>Fields of bits, extraction, and what turns the bits of one register round.</summary>
internal static unsafe class BitFields
{
    /// <summary>UBFM where the field comes down: LSR, UBFX, UXTB. Its first bit in Imm, its length in Extra.</summary>
    public static Instruction* Unsigned<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn)) << (64 - at->Imm - at->Extra) >> (64 - at->Extra);
        return at + 1;
    }

    /// <summary>UBFM where it goes up: LSL, UBFIZ. The shift in Imm, the length in Extra.</summary>
    public static Instruction* UnsignedUp(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = cpu.X(at->Rn) << (64 - at->Extra) >> (64 - at->Extra) << at->Imm;
        return at + 1;
    }

    /// <summary>SBFM: ASR, SBFX, SXTW.</summary>
    public static Instruction* Signed<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut((ulong)((long)(cpu.X(at->Rn) << (64 - at->Imm - at->Extra)) >> (64 - at->Extra)));
        return at + 1;
    }

    public static Instruction* SignedUp<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut((ulong)((long)(cpu.X(at->Rn) << (64 - at->Extra)) >> (64 - at->Extra) << at->Imm));
        return at + 1;
    }

    /// <summary>BFM: BFXIL (a field comes down) and BFI (it goes up: Rm is 1); all other bits stay.</summary>
    public static Instruction* Insert<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        ulong ones = ulong.MaxValue >> (64 - at->Extra);
        bool isUp = at->Rm != 0;
        ulong field = isUp ? (cpu.X(at->Rn) & ones) << at->Imm : (cpu.X(at->Rn) >> at->Imm) & ones;
        ref ulong register = ref cpu.X(at->Rd);
        register = TWidth.Cut((register & ~(isUp ? ones << at->Imm : ones)) | field);
        return at + 1;
    }

    /// <summary>EXTR: the shift in Imm.</summary>
    public static Instruction* Extract<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        ulong low = TWidth.Cut(cpu.X(at->Rm)) >> at->Imm;
        cpu.X(at->Rd) = at->Imm == 0 ? low : TWidth.Cut(low | cpu.X(at->Rn) << (TWidth.Bits - at->Imm));
        return at + 1;
    }

    public static Instruction* ReverseBits<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = Reversed(cpu.X(at->Rn)) >> (64 - TWidth.Bits);
        return at + 1;
    }

    /// <summary>REV, REV16 and REV32: bytes within units of a size, 2 to 8, in Imm.</summary>
    public static Instruction* ReverseBytes<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        ulong value = cpu.X(at->Rn);
        cpu.X(at->Rd) = TWidth.Cut(at->Imm switch
        {
            2 => (value >> 8 & 0x00FF00FF00FF00FF) | (value & 0x00FF00FF00FF00FF) << 8,
            4 => BitOperations.RotateLeft(BinaryPrimitives.ReverseEndianness(value), 32),
            _ => BinaryPrimitives.ReverseEndianness(value),
        });
        return at + 1;
    }

    public static Instruction* LeadingZeros<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = (ulong)(BitOperations.LeadingZeroCount(TWidth.Cut(cpu.X(at->Rn))) - 64 + TWidth.Bits);
        return at + 1;
    }

    public static Instruction* LeadingSigns<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        ulong value = TWidth.Sign(cpu.X(at->Rn));
        cpu.X(at->Rd) = (ulong)(BitOperations.LeadingZeroCount((value ^ (ulong)((long)value >> 63)) << 1 | 1) - 64 + TWidth.Bits);
        return at + 1;
    }

    public static ulong Reversed(ulong value)
    {
        value = (value >> 1 & 0x5555555555555555) | (value & 0x5555555555555555) << 1;
        value = (value >> 2 & 0x3333333333333333) | (value & 0x3333333333333333) << 2;
        value = (value >> 4 & 0x0F0F0F0F0F0F0F0F) | (value & 0x0F0F0F0F0F0F0F0F) << 4;
        return BinaryPrimitives.ReverseEndianness(value);
    }
}
