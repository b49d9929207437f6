using System.Runtime.Intrinsics;
using Palimpsest.A64.Decoding;
using Palimpsest.A64.Floats;

namespace Palimpsest.A64.Vectors;

/// <summary>Floating point in lanes: three registers of the same lanes, pairs, and all lanes of one.</summary>
internal static unsafe class FloatLanes
{
    /// <summary>By U, bit 23 and bits 13:11, of opcodes from 11000 on; null where nothing is allocated.</summary>
    public static readonly delegate*<ulong, ulong, ulong, FloatFormat, ref FloatEnvironment, ulong>[] ThreeSame =
    [
        &Binary<FloatMaxNumber>, &MultiplyAdded, &Binary<FloatAdd>, &MultiplyExtended, &IsEqual, null, &Binary<FloatMax>, &ReciprocalStep,
        &Binary<FloatMinNumber>, &MultiplySubtracted, &Binary<FloatSubtract>, null, null, null, &Binary<FloatMin>, &RootStep,
        &Binary<FloatMaxNumber>, null, &Binary<FloatAdd>, &Binary<FloatMultiply>, &IsAtLeast, &IsAbsoluteAtLeast, &Binary<FloatMax>,
        &Binary<FloatDivide>,
        &Binary<FloatMinNumber>, null, &AbsoluteDifference, null, &IsMore, &IsAbsoluteMore, &Binary<FloatMin>, null,
    ];

    /// <summary>Index in <see cref="ThreeSame"/>.</summary>
    public static int IndexOf(Encoding e) => e[29, 29] << 4 | e[23, 23] << 3 | e[13, 11];

    /// <summary>FMAXNMP, FADDP, FMAXP and their kin.</summary>
    public static bool IsPairwise(Encoding e) => IndexOf(e) is 16 or 18 or 22 or 24 or 30;

    public static Instruction* Lanes(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = 2 + e[22, 22];
        FloatFormat format = FloatFormat.OfBytes(1 << size);
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        delegate*<ulong, ulong, ulong, FloatFormat, ref FloatEnvironment, ulong> operation = ThreeSame[IndexOf(e)];
        Vector128<ulong> result = default;
        for (int lane = 0; lane < Lane.Count(e, size); lane++)
        {
            ulong a = Lane.Get(ref cpu.V(e.Rn), lane, size);
            ulong b = Lane.Get(ref cpu.V(e.Rm), lane, size);
            Lane.Set(ref result, lane, size, operation(Lane.Get(ref cpu.V(e.Rd), lane, size), a, b, format, ref environment));
        }

        cpu.V(e.Rd) = result;
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    public static Instruction* Pairs(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = 2 + e[22, 22];
        FloatFormat format = FloatFormat.OfBytes(1 << size);
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        delegate*<ulong, ulong, ulong, FloatFormat, ref FloatEnvironment, ulong> operation = ThreeSame[IndexOf(e)];
        Vector128<ulong> result = default;
        int lanes = Lane.Count(e, size);
        for (int lane = 0; lane < lanes; lane++)
        {
            ref Vector128<ulong> from = ref cpu.V(2 * lane < lanes ? e.Rn : e.Rm);
            int first = 2 * lane % lanes;
            ulong made = operation(0, Lane.Get(ref from, first, size), Lane.Get(ref from, first + 1, size), format, ref environment);
            Lane.Set(ref result, lane, size, made);
        }

        cpu.V(e.Rd) = result;
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    /// <summary>Scalar pairwise and FMAXV: all lanes of one register, in halves.</summary>
    public static Instruction* Reduce(Cpu cpu, Instruction* at)
    {
        Encoding e = new(at->Word);
        int size = 2 + e[22, 22];
        FloatFormat format = FloatFormat.OfBytes(1 << size);
        FloatEnvironment environment = new(cpu.FloatControl, cpu.FloatStatus);
        delegate*<ulong, ulong, ulong, FloatFormat, ref FloatEnvironment, ulong> operation = e[16, 12] switch
        {
            12 => e[23] ? &Binary<FloatMinNumber> : &Binary<FloatMaxNumber>,
            13 => &Binary<FloatAdd>,
            _ => e[23] ? &Binary<FloatMin> : &Binary<FloatMax>,
        };
        ref Vector128<ulong> n = ref cpu.V(e.Rn);
        ulong result = operation(0, Lane.Get(ref n, 0, size), Lane.Get(ref n, 1, size), format, ref environment);
        if (!e[28])
        {
            ulong upper = operation(0, Lane.Get(ref n, 2, size), Lane.Get(ref n, 3, size), format, ref environment);
            result = operation(0, result, upper, format, ref environment);
        }

        Scalars.Set(cpu, e.Rd, result);
        cpu.FloatStatus = environment.Status;
        return at + 1;
    }

    public static ulong MultiplyAdded(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.MultiplyAdd(d, a, b, format, ref environment);

    public static ulong MultiplySubtracted(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.MultiplyAdd(d, a ^ format.SignBit, b, format, ref environment);

    public static ulong MultiplyExtended(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.MultiplyExtended(a, b, format, ref environment);

    public static ulong Binary<TOperation>(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment)
        where TOperation : struct, IFloatBinary => TOperation.Apply(a, b, format, ref environment);

    private static ulong AbsoluteDifference(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.AbsoluteDifference(a, b, format, ref environment);

    private static ulong ReciprocalStep(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.ReciprocalStep(a, b, format, ref environment);

    private static ulong RootStep(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        SoftFloat.RootStep(a, b, format, ref environment);

    private static ulong IsEqual(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Lane.Mask(SoftFloat.IsEqual(a, b, format, ref environment));

    private static ulong IsAtLeast(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Lane.Mask(SoftFloat.IsAtLeast(a, b, format, ref environment));

    private static ulong IsMore(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Lane.Mask(SoftFloat.IsMore(a, b, format, ref environment));

    private static ulong IsAbsoluteAtLeast(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Lane.Mask(SoftFloat.IsAtLeast(a & ~format.SignBit, b & ~format.SignBit, format, ref environment));

    private static ulong IsAbsoluteMore(ulong d, ulong a, ulong b, FloatFormat format, ref FloatEnvironment environment) =>
        Lane.Mask(SoftFloat.IsMore(a & ~format.SignBit, b & ~format.SignBit, format, ref environment));
}
