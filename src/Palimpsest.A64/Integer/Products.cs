using System.Numerics;

namespace Palimpsest.A64.Integer;

/// <summary>Multiplication, division, shifts by a register, and CRC32.</summary>
internal static unsafe class Products
{
    private const uint Crc32Reflected = 0xEDB88320;
    private const uint Crc32CReflected = 0x82F63B78;

    public static Instruction* MultiplyAdd<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Extra) + (cpu.X(at->Rn) * cpu.X(at->Rm)));
        return at + 1;
    }

    public static Instruction* MultiplySubtract<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Extra) - (cpu.X(at->Rn) * cpu.X(at->Rm)));
        return at + 1;
    }

    /// <summary>SMADDL, SMSUBL, UMADDL, UMSUBL: signed where Imm is even, subtracted where it is above 1.</summary>
    public static Instruction* MultiplyLong(Cpu cpu, Instruction* at)
    {
        ulong left = cpu.X(at->Rn);
        ulong right = cpu.X(at->Rm);
        ulong product = (at->Imm & 1) == 0 ? (ulong)((long)(int)left * (int)right) : (ulong)(uint)left * (uint)right;
        cpu.X(at->Rd) = cpu.X(at->Extra) + (at->Imm > 1 ? 0 - product : product);
        return at + 1;
    }

    public static Instruction* MultiplyHighSigned(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = (ulong)Math.BigMul((long)cpu.X(at->Rn), (long)cpu.X(at->Rm), out _);
        return at + 1;
    }

    public static Instruction* MultiplyHigh(Cpu cpu, Instruction* at)
    {
        cpu.X(at->Rd) = Math.BigMul(cpu.X(at->Rn), cpu.X(at->Rm), out _);
        return at + 1;
    }

    public static Instruction* Divide<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        ulong divisor = TWidth.Cut(cpu.X(at->Rm));
        cpu.X(at->Rd) = divisor == 0 ? 0 : TWidth.Cut(cpu.X(at->Rn)) / divisor;
        return at + 1;
    }

    public static Instruction* DivideSigned<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        long divisor = (long)TWidth.Sign(cpu.X(at->Rm));
        long dividend = (long)TWidth.Sign(cpu.X(at->Rn));
        // The one quotient that does not fit is the dividend again.
        cpu.X(at->Rd) = TWidth.Cut(divisor == 0 ? 0 : divisor == -1 ? 0 - (ulong)dividend : (ulong)(dividend / divisor));
        return at + 1;
    }

    public static Instruction* ShiftLeft<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn) << ((int)cpu.X(at->Rm) & (TWidth.Bits - 1)));
        return at + 1;
    }

    public static Instruction* ShiftRight<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut(cpu.X(at->Rn)) >> ((int)cpu.X(at->Rm) & (TWidth.Bits - 1));
        return at + 1;
    }

    public static Instruction* ShiftArithmetic<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        cpu.X(at->Rd) = TWidth.Cut((ulong)((long)TWidth.Sign(cpu.X(at->Rn)) >> ((int)cpu.X(at->Rm) & (TWidth.Bits - 1))));
        return at + 1;
    }

    public static Instruction* Rotate<TWidth>(Cpu cpu, Instruction* at)
        where TWidth : struct, IWidth
    {
        int shift = (int)cpu.X(at->Rm);
        ulong value = cpu.X(at->Rn);
        cpu.X(at->Rd) = TWidth.Bits == 64 ? BitOperations.RotateRight(value, shift) : BitOperations.RotateRight((uint)value, shift);
        return at + 1;
    }

    /// <summary>CRC32B to CRC32CX: bytes in Imm, the other polynomial where Extra is set.</summary>
    public static Instruction* Crc32(Cpu cpu, Instruction* at)
    {
        uint polynomial = at->Extra != 0 ? Crc32CReflected : Crc32Reflected;
        uint crc = (uint)cpu.X(at->Rn);
        ulong data = cpu.X(at->Rm);
        for (int index = 0; index < at->Imm; index++, data >>= 8)
        {
            crc ^= (byte)data;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = crc >> 1 ^ (0 - (crc & 1) & polynomial);
            }
        }

        cpu.X(at->Rd) = crc;
        return at + 1;
    }
}
