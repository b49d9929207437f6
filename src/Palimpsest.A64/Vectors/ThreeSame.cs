using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;

namespace Palimpsest.A64.Vectors;

/// <summary>Advanced SIMD, three registers of the same lanes: integers and logic.</summary>
internal static unsafe class ThreeSame
{
    public static Instruction* Lanes(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        bool isUnsigned = e[29];
        delegate*<Cpu, ulong, ulong, ulong, int, bool, ulong> operation = LaneArithmetic.ThreeSame[e[15, 11]];
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size, isUnsigned);
            ulong b = Lane.Get(ref cpu.V(e.Rm), lane, size, isUnsigned);
            ulong d = Lane.Get(ref cpu.V(e.Rd), lane, size);
            Lane.Set(ref result, lane, size, operation(cpu, d, a, b, Lane.Bits(size), isUnsigned));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>Lanes side by side, of the second operand behind those of the first.</summary>
    public static Instruction* Pairs(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        bool isUnsigned = e[29];
        delegate*<Cpu, ulong, ulong, ulong, int, bool, ulong> operation = LaneArithmetic.ThreeSame[e[15, 11]];
        Vector128<ulong> result = default;
        int lanes = Lane.Count(e, size);
        for (int lane = 0; lane < lanes; lane++)
        {
            int register = 2 * lane < lanes ? e.Rn : e.Rm;
            int first = 2 * lane % lanes;
            ulong a = Lane.Get(ref cpu.V(register), first, size, isUnsigned);
            ulong b = Lane.Get(ref cpu.V(register), first + 1, size, isUnsigned);
            Lane.Set(ref result, lane, size, operation(cpu, 0, a, b, Lane.Bits(size), isUnsigned));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    public static Instruction* Logic(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        Vector128<ulong> n = cpu.V(e.Rn);
        Vector128<ulong> m = cpu.V(e.Rm);
        Vector128<ulong> d = cpu.V(e.Rd);
        Vector128<ulong> result = (e[29], e[23, 22]) switch
        {
            (false, 0) => n & m,
            (false, 1) => n & ~m,
            (false, 2) => n | m,
            (false, _) => n | ~m,
            (true, 0) => n ^ m,
            (true, 1) => (n & d) | (m & ~d),
            (true, 2) => (n & m) | (d & ~m),
            _ => (n & ~m) | (d & m),
        };
        cpu.V(e.Rd) = e[30] ? result : Vector128.CreateScalar(result.ToScalar());
        return at + 1;
    }
}
