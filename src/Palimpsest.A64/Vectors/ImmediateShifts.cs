using System.Numerics;
using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Vectors;

/// <summary>Advanced SIMD shifts by an immediate, and conversions to and from fixed point.</summary>
internal static unsafe class ImmediateShifts
{
    /// <summary>Size of a lane, from the highest bit of immh.</summary>
    public static int SizeOf(Encoding e) => BitOperations.Log2((uint)e[22, 19]);

    public static Instruction* Lanes(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = SizeOf(e);
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size, e[29]);
            ulong d = Lane.Get(ref cpu.V(e.Rd), lane, size);
            Lane.Set(ref result, lane, size, Apply(cpu, e, d, a, Lane.Bits(size)));
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>SHRN and all that narrows: the shift is that of the wide lanes.</summary>
    public static Instruction* Narrow(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = SizeOf(e);
        int shift = (2 * Lane.Bits(size)) - e[22, 16];
        bool isUpper = e[30] && !e[28];
        int lanes = e[28] ? 1 : 8 >> size;
        bool isPlain = e[15, 12] == 8 && !e[29];
        bool fromUnsigned = e[15, 12] == 9 && e[29];
        Vector128<ulong> result = isUpper ? cpu.V(e.Rd) : default;
        for (int lane = 0; lane < lanes; lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size + 1, fromUnsigned);
            Int128 shifted = LaneShifts.Right(Lane.Number(a, fromUnsigned), shift, isRounded: e[11]);
            ulong made = isPlain ? (ulong)(UInt128)shifted : Lane.Saturate(cpu, shifted, Lane.Bits(size), e[29]);
            Lane.Set(ref result, lane + (isUpper ? lanes : 0), size, made);
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>SSHLL and USHLL.</summary>
    public static Instruction* Long(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = SizeOf(e);
        int shift = e[22, 16] - Lane.Bits(size);
        int lanes = 8 >> size;
        Vector128<ulong> result = default;
        for (int lane = 0; lane < lanes; lane++)
        {
            Lane.Set(ref result, lane, size + 1, Lane.Get(ref cpu.V(e.Rn), lane + (e[30] ? lanes : 0), size, e[29]) << shift);
        }

        cpu.V(e.Rd) = result;
        return at + 1;
    }

    /// <summary>SCVTF, UCVTF, FCVTZS and FCVTZU with bits behind the point.</summary>
    public static Instruction* FixedPoint(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = SizeOf(e);
        int bits = Lane.Bits(size);
        int fractionBits = (2 * bits) - e[22, 16];
        FloatFormat format = FloatFormat.OfBytes(1 << size);
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size);
            ulong made = e[15, 11] == 28
                ? SoftFloat.FromInteger(a, format, bits, fractionBits, e[29], ref environment)
                : SoftFloat.ToInteger(a, format, bits, fractionBits, e[29], Rounding.ToZero, ref environment);
            Lane.Set(ref result, lane, size, made);
        }

        cpu.V(e.Rd) = result;
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    private static ulong Apply(Cpu cpu, Encoding e, ulong d, ulong a, int bits)
    {
        int right = (2 * bits) - e[22, 16];
        int left = e[22, 16] - bits;
        switch (e[15, 11])
        {
            case 0 or 2 or 4 or 6:
                Int128 shifted = LaneShifts.Right(Lane.Number(a, e[29]), right, isRounded: e[13]);
                return (ulong)(UInt128)shifted + (e[12] ? d : 0);
            case 8:
                // SRI: bits above what is inserted stay.
                ulong inserted = right == 64 ? 0 : Lane.Cut(a, bits) >> right;
                ulong mask = right == 64 ? 0 : Lane.Cut(ulong.MaxValue, bits) >> right;
                return (d & ~mask) | inserted;
            case 10:
                return e[29] ? (d & ~(ulong.MaxValue << left)) | a << left : a << left;
            case 12:
                // SQSHLU: from what has a sign to what has none.
                return Lane.Saturate(cpu, Lane.Number(Lane.Extend(a, bits), isUnsigned: false) << left, bits, isUnsigned: true);
            default:
                return Lane.Saturate(cpu, Lane.Number(a, e[29]) << left, bits, e[29]);
        }
    }
}
