using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Vectors;

/// <summary>Operations of all lanes with one element of a register.</summary>
internal static unsafe class Elements
{
    /// <summary>Register and index of the element, by its size: 16-bit ones lie in the lower half of the registers.</summary>
    public static (int Register, int Index) Of(Encoding e, int size) => size switch
    {
        1 => (e[19, 16], e[11, 11] << 2 | e[21, 21] << 1 | e[20, 20]),
        2 => (e[20, 16], e[11, 11] << 1 | e[21, 21]),
        _ => (e[20, 16], e[11, 11]),
    };

    /// <summary>MUL, MLA, MLS, SQDMULH and SQRDMULH.</summary>
    public static Instruction* Integers(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        (int register, int index) = Of(e, size);
        ulong b = Lane.Get(ref cpu.V(register), index, size);
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size);
            ulong d = Lane.Get(ref cpu.V(e.Rd), lane, size);
            Lane.Set(ref result, lane, size, e[15, 12] switch
            {
                0 => d + (a * b),
                4 => d - (a * b),
                8 => a * b,
                _ => LaneArithmetic.MultiplyHigh(cpu, d, a, b, Lane.Bits(size), isRounded: e[12]),
            });
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>FMLA, FMLS, FMUL and FMULX.</summary>
    public static Instruction* Floats(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = e[23, 22];
        (int register, int index) = Of(e, size);
        ulong b = Lane.Get(ref cpu.V(register), index, size);
        FloatFormat format = FloatFormat.OfBytes(1 << size);
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size);
            ulong d = Lane.Get(ref cpu.V(e.Rd), lane, size);
            Lane.Set(ref result, lane, size, e[15, 12] switch
            {
                1 => FloatLanes.MultiplyAdded(d, a, b, format, ref environment),
                5 => FloatLanes.MultiplySubtracted(d, a, b, format, ref environment),
                _ => e[29] ? SoftFloat.MultiplyExtended(a, b, format, ref environment) : SoftFloat.Multiply(a, b, format, ref environment),
            });
        }

        cpu.V(e.Rd) = result;
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }
}
