using System.Numerics;
using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Vectors;

/// <summary>Advanced SIMD, two registers: integers.</summary>
internal static unsafe class TwoRegisters
{
    /// <summary>Lane by lane.</summary>
    public static Instruction* Lanes(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size, isUnsigned: false);
            ulong d = Lane.Get(ref cpu.V(e.Rd), lane, size);
            Lane.Set(ref result, lane, size, Apply(cpu, e[16, 12], e[29], d, a, Lane.Bits(size)));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>CNT, NOT and RBIT, of bytes.</summary>
    public static Instruction* Bytes(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, 0); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, 0);
            Lane.Set(ref result, lane, 0, !e[29] ? (ulong)BitOperations.PopCount(a) : !e[22] ? ~a : Integer.BitFields.Reversed(a) >> 56);
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>REV64, REV32 and REV16: lanes within units of 8, 4 or 2 bytes.</summary>
    public static Instruction* Reverse(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        int inUnit = (e[12] ? 2 : e[29] ? 4 : 8) >> size;
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            Lane.Set(ref result, lane, size, Lane.Get(ref cpu.V(e.Rn), lane ^ (inUnit - 1), size));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>SADDLP and SADALP: sums of neighbours, twice as wide.</summary>
    public static Instruction* AddNeighbours(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size) / 2; lane++)
        {
            ulong sum = Lane.Get(ref cpu.V(e.Rn), 2 * lane, size, e[29]) + Lane.Get(ref cpu.V(e.Rn), (2 * lane) + 1, size, e[29]);
            Lane.Set(ref result, lane, size + 1, sum + (e[14] ? Lane.Get(ref cpu.V(e.Rd), lane, size + 1) : 0));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>XTN, SQXTN, SQXTUN and UQXTN: to lanes half as wide, in the lower or upper half of the register.</summary>
    public static Instruction* Narrow(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        bool isUpper = e[30] && !e[28];
        Vector128<ulong> result = isUpper ? cpu.V(e.Rd) : default;
        int lanes = e[28] ? 1 : 8 >> size;
        bool isPlain = e[16, 12] == 18 && !e[29];
        bool fromUnsigned = e[16, 12] == 20 && e[29];
        for (int lane = 0; lane < lanes; lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size + 1, fromUnsigned);
            ulong made = isPlain ? a : Lane.Saturate(cpu, Lane.Number(a, fromUnsigned), Lane.Bits(size), e[29]);
            Lane.Set(ref result, lane + (isUpper ? lanes : 0), size, made);
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>SHLL: shifted by the width of a lane.</summary>
    public static Instruction* ShiftLong(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        Vector128<ulong> result = default;
        int lanes = 8 >> size;
        for (int lane = 0; lane < lanes; lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane + (e[30] ? lanes : 0), size);
            Lane.Set(ref result, lane, size + 1, a << Lane.Bits(size));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>ADDV, SADDLV, SMAXV and SMINV: all lanes of a register.</summary>
    public static Instruction* Reduce(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        bool isLong = e[16, 12] == 3;
        ulong result = Lane.Get(ref cpu.V(e.Rn), 0, size, e[29]);
        for (int lane = 1; lane < Lane.Count(e, size); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size, e[29]);
            result = e[16, 12] switch
            {
                10 => LaneArithmetic.Max(cpu, 0, result, a, 0, e[29]),
                26 => LaneArithmetic.Min(cpu, 0, result, a, 0, e[29]),
                _ => result + a,
            };
        }

        cpu.V(e.Rd) = Vector128.CreateScalar(Lane.Cut(result, Lane.Bits(size) << (isLong ? 1 : 0)));
        return at + 1;
    }

    /// <summary>ADDP of two doublewords.</summary>
    public static Instruction* AddPair(Cpu cpu, Instruction* at)
    {
        Vector128<ulong> n = cpu.V(at->Rn);
        cpu.V(at->Rd) = Vector128.CreateScalar(n.GetElement(0) + n.GetElement(1));
        return at + 1;
    }

    /// <param name="a">Extended by its sign.</param>
    private static ulong Apply(Cpu cpu, int operation, bool isUnsigned, ulong d, ulong a, int bits)
    {
        long value = (long)a;
        switch (operation)
        {
            case 3:
                // SUQADD adds without sign to what has one, USQADD the other way round.
                Int128 sum = isUnsigned ? (Int128)d + value : (Int128)(long)Lane.Extend(d, bits) + Lane.Cut(a, bits);
                return Lane.Saturate(cpu, sum, bits, isUnsigned);
            case 4:
                ulong same = isUnsigned ? Lane.Cut(a, bits) : Lane.Cut((a ^ (ulong)(value >> 63)) << 1 | 1, bits);
                return (ulong)(BitOperations.LeadingZeroCount(same) - 64 + bits);
            case 7:
                return Lane.Saturate(cpu, isUnsigned || value < 0 ? -(Int128)value : value, bits, isUnsigned: false);
            case 8:
                return Lane.Mask(isUnsigned ? value >= 0 : value > 0);
            case 9:
                return Lane.Mask(isUnsigned ? value <= 0 : value == 0);
            case 10:
                return Lane.Mask(value < 0);
            default:
                return isUnsigned || value < 0 ? 0 - a : a;
        }
    }
}
