using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Vectors;

/// <summary>Advanced SIMD, two registers: floating point.</summary>
internal static unsafe class FloatRegisters
{
    /// <summary>Lane by lane, by opcode, U and bit 23.</summary>
    public static Instruction* Lanes(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = 2 + e[22, 22];
        FloatFormat format = FloatFormat.OfBytes(1 << size);
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size);
            ulong made = e[16, 12] < 16 ? Compared(e, a, format, ref environment)
                : e[16, 12] < 26 ? Rounded(e, a, format, ref environment) : Converted(e, a, format, ref environment);
            Lane.Set(ref result, lane, size, made);
        }

        cpu.V(e.Rd) = result;
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    /// <summary>FCVTL: halves or singles of one half of the register to lanes twice as wide.</summary>
    public static Instruction* ConvertLong(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = 1 + e[22, 22];
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        Vector128<ulong> result = default;
        int lanes = 8 >> size;
        for (int lane = 0; lane < lanes; lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane + (e[30] ? lanes : 0), size);
            ulong made = SoftFloat.Convert(a, FloatFormat.OfBytes(1 << size), FloatFormat.OfBytes(2 << size), ref environment);
            Lane.Set(ref result, lane, size + 1, made);
        }

        cpu.V(e.Rd) = result;
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    /// <summary>FCVTN, and FCVTXN, which rounds to odd.</summary>
    public static Instruction* ConvertNarrow(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = 1 + e[22, 22];
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        bool isUpper = e[30] && !e[28];
        Vector128<ulong> result = isUpper ? cpu.V(e.Rd) : default;
        int lanes = e[28] ? 1 : 8 >> size;
        for (int lane = 0; lane < lanes; lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size + 1);
            ulong made = SoftFloat.Convert(
                a, FloatFormat.OfBytes(2 << size), FloatFormat.OfBytes(1 << size), ref environment, e[29] ? Rounding.ToOdd : null);
            Lane.Set(ref result, lane + (isUpper ? lanes : 0), size, made);
        }

        cpu.V(e.Rd) = result;
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    /// <summary>URECPE and URSQRTE.</summary>
    public static Instruction* IntegerEstimates(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, 2); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, 2);
            Lane.Set(ref result, lane, 2, e[29] ? SoftFloat.RootEstimate(a) : SoftFloat.ReciprocalEstimate(a));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>Comparisons with zero, FABS and FNEG.</summary>
    private static ulong Compared(Encoding e, ulong a, FloatFormat format, ref FloatEnvironment environment) => (e[16, 12], e[29]) switch
    {
        (12, false) => Lane.Mask(SoftFloat.IsMore(a, 0, format, ref environment)),
        (12, true) => Lane.Mask(SoftFloat.IsAtLeast(a, 0, format, ref environment)),
        (13, false) => Lane.Mask(SoftFloat.IsEqual(a, 0, format, ref environment)),
        (13, true) => Lane.Mask(SoftFloat.IsAtLeast(0, a, format, ref environment)),
        (14, _) => Lane.Mask(SoftFloat.IsMore(0, a, format, ref environment)),
        (_, false) => a & ~format.SignBit,
        _ => a ^ format.SignBit,
    };

    /// <summary>FRINTN, FRINTP, FRINTM, FRINTZ, FRINTA, FRINTX and FRINTI.</summary>
    private static ulong Rounded(Encoding e, ulong a, FloatFormat format, ref FloatEnvironment environment)
    {
        (Rounding rounding, bool tellsInexact) = (e[29], e[23], e[12]) switch
        {
            (false, false, false) => (Rounding.ToEven, false),
            (false, true, false) => (Rounding.Up, false),
            (false, false, true) => (Rounding.Down, false),
            (false, true, true) => (Rounding.ToZero, false),
            (true, false, false) => (Rounding.Away, false),
            (true, false, true) => (environment.Rounding, true),
            _ => (environment.Rounding, false),
        };
        return SoftFloat.RoundToIntegral(a, format, rounding, tellsInexact, ref environment);
    }

    private static ulong Converted(Encoding e, ulong a, FloatFormat format, ref FloatEnvironment environment) =>
        (e[16, 12], e[23], e[29]) switch
        {
            (26, false, _) => ToInteger(a, format, e[29], Rounding.ToEven, ref environment),
            (26, true, _) => ToInteger(a, format, e[29], Rounding.Up, ref environment),
            (27, false, _) => ToInteger(a, format, e[29], Rounding.Down, ref environment),
            (27, true, _) => ToInteger(a, format, e[29], Rounding.ToZero, ref environment),
            (28, _, _) => ToInteger(a, format, e[29], Rounding.Away, ref environment),
            (29, false, _) => SoftFloat.FromInteger(a, format, format.Bits, 0, e[29], ref environment),
            (29, true, false) => SoftFloat.ReciprocalEstimate(a, format, ref environment),
            (29, true, true) => SoftFloat.RootEstimate(a, format, ref environment),
            (31, _, false) => SoftFloat.ReciprocalExponent(a, format, ref environment),
            _ => SoftFloat.SquareRoot(a, format, ref environment),
        };

    private static ulong ToInteger(
        ulong a, FloatFormat format, bool isUnsigned, Rounding rounding, ref FloatEnvironment environment) =>
        SoftFloat.ToInteger(a, format, format.Bits, 0, isUnsigned, rounding, ref environment);
}
