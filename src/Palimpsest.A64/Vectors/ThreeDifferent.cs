using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Vectors;

/// <summary>Three registers with lanes of two sizes: long, wide and narrow forms; and the long forms by an element.</summary>
internal static unsafe class ThreeDifferent
{
    /// <summary>Both operands are half as wide as the result.</summary>
    public static Instruction* Long(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        Vector128<ulong> result = cpu.V(e.Rd);
        int lanes = e[28] ? 1 : 8 >> size;
        int from = !e[28] && e[30] ? lanes : 0;
        for (int lane = 0; lane < lanes; lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), from + lane, size, e[29]);
            ulong b = Lane.Get(ref cpu.V(e.Rm), from + lane, size, e[29]);
            ulong d = Lane.Get(ref cpu.V(e.Rd), lane, size + 1);
            Lane.Set(ref result, lane, size + 1, Longer(cpu, e[15, 12], d, a, b, Lane.Bits(size + 1), e[29]));
        }

        cpu.V(e.Rd) = e[28] ? Scalar(result, size + 1) : result;
        return at + 1;
    }

    /// <summary>As <see cref="Long"/>, with one element of the second operand for all lanes.</summary>
    public static Instruction* LongByElement(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        (int register, int index) = Elements.Of(e, size);
        ulong b = Lane.Get(ref cpu.V(register), index, size, e[29]);
        int operation = e[15, 12] switch
        {
            2 => 8,
            3 => 9,
            6 => 10,
            7 => 11,
            10 => 12,
            _ => 13,
        };
        Vector128<ulong> result = cpu.V(e.Rd);
        int lanes = e[28] ? 1 : 8 >> size;
        int from = !e[28] && e[30] ? lanes : 0;
        for (int lane = 0; lane < lanes; lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), from + lane, size, e[29]);
            ulong d = Lane.Get(ref cpu.V(e.Rd), lane, size + 1);
            Lane.Set(ref result, lane, size + 1, Longer(cpu, operation, d, a, b, Lane.Bits(size + 1), e[29]));
        }

        cpu.V(e.Rd) = e[28] ? Scalar(result, size + 1) : result;
        return at + 1;
    }

    /// <summary>ADDW and SUBW: the first operand is as wide as the result.</summary>
    public static Instruction* Wide(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        Vector128<ulong> result = default;
        int lanes = 8 >> size;
        for (int lane = 0; lane < lanes; lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size + 1);
            ulong b = Lane.Get(ref cpu.V(e.Rm), lane + (e[30] ? lanes : 0), size, e[29]);
            Lane.Set(ref result, lane, size + 1, e[13] ? a - b : a + b);
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>ADDHN, RADDHN, SUBHN and RSUBHN: the upper halves of what comes out.</summary>
    public static Instruction* NarrowHigh(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        Vector128<ulong> result = e[30] ? cpu.V(e.Rd) : default;
        int lanes = 8 >> size;
        ulong half = e[29] ? 1UL << (Lane.Bits(size) - 1) : 0;
        for (int lane = 0; lane < lanes; lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size + 1);
            ulong b = Lane.Get(ref cpu.V(e.Rm), lane, size + 1);
            ulong made = (e[13] ? a - b : a + b) + half;
            Lane.Set(ref result, lane + (e[30] ? lanes : 0), size, made >> Lane.Bits(size));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>PMULL of 64 bits: a product of 128.</summary>
    public static Instruction* PolynomialLong(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        UInt128 a = Lane.Get(ref cpu.V(e.Rn), e[30, 30], 3);
        ulong b = Lane.Get(ref cpu.V(e.Rm), e[30, 30], 3);
        UInt128 product = 0;
        for (; b != 0; b >>= 1, a <<= 1)
        {
            product ^= (b & 1) != 0 ? a : 0;
        }

        cpu.V(e.Rd) = Vector128.Create((ulong)product, (ulong)(product >> 64));
        return at + 1;
    }

    private static ulong Longer(Cpu cpu, int operation, ulong d, ulong a, ulong b, int bits, bool isUnsigned)
    {
        switch (operation)
        {
            case 0:
                return a + b;
            case 2:
                return a - b;
            case 5:
                return d + LaneArithmetic.AbsoluteDifference(cpu, d, a, b, bits, isUnsigned);
            case 7:
                return LaneArithmetic.AbsoluteDifference(cpu, d, a, b, bits, isUnsigned);
            case 8:
                return d + (a * b);
            case 10:
                return d - (a * b);
            case 12:
                return a * b;
            case 14:
                return LaneArithmetic.Polynomial(Lane.Cut(a, bits / 2), Lane.Cut(b, bits / 2));
            default:
                // SQDMULL, and what adds it to or takes it from the destination: saturated twice.
                Int128 doubled = (Int128)(long)a * (long)b * 2;
                long product = (long)Lane.Extend(Lane.Saturate(cpu, doubled, bits, isUnsigned: false), bits);
                Int128 sum = operation == 13 ? product
                    : (Int128)(long)Lane.Extend(d, bits) + (operation == 9 ? product : -(Int128)product);
                return Lane.Saturate(cpu, sum, bits, isUnsigned: false);
        }
    }

    private static Vector128<ulong> Scalar(Vector128<ulong> result, int size) =>
        Vector128.CreateScalar(Lane.Cut(result.ToScalar(), Lane.Bits(size)));
}
