using Palimpsest.A64.Vectors;
using static Palimpsest.A64.Decoding.Decoder;

namespace Palimpsest.A64.Decoding;

/// <summary>Advanced SIMD (Arm ARM, C4.1.91), vectors and scalars; half precision, RDM, dot products and FCMA are not told of.</summary>
internal static unsafe class VectorDecoder
{
    public static Instruction Decode(Encoding e)
    {
        if (e.IsWide || (e[28] && !e[30]))
        {
            return Undefined(e);
        }

        if (e[24])
        {
            return !e[10] ? ElementDecoder.Decode(e) : e[23] ? Undefined(e) : e[22, 19] != 0 ? ShiftDecoder.Decode(e) : Constant(e);
        }

        if (!e[21])
        {
            return e[15] ? Undefined(e) : e[28] ? ScalarCopy(e) : Rearrange(e);
        }

        return (e[11, 10], e[20, 17]) switch
        {
            (1 or 3, _) => ThreeSameDecoder.Decode(e),
            (0, _) => DifferentDecoder.Decode(e),
            (2, 0) => TwoRegisterDecoder.Decode(e),
            (2, 4) => e[31, 22] == 0x138 && e[16, 12] is >= 4 and <= 7 ? ByWord(e, &CipherRounds.Step) : Undefined(e),
            (2, 8) => e[28] ? TwoRegisterDecoder.Pairwise(e) : TwoRegisterDecoder.Across(e),
            _ => Undefined(e),
        };
    }

    private static Instruction Rearrange(Encoding e)
    {
        if (e[10])
        {
            return e[23, 22] == 0 ? Copy(e) : Undefined(e);
        }

        if (e[29])
        {
            return e[23, 22] == 0 && (e[30] || !e[14]) ? ByWord(e, &Permutations.Extract) : Undefined(e);
        }

        if (e[11])
        {
            bool isReserved = (e[13, 12] == 0) || (e[23, 22] == 3 && !e[30]);
            return isReserved ? Undefined(e) : ByWord(e, &Permutations.Interleave);
        }

        return e[23, 22] == 0 ? ByWord(e, &Permutations.Table) : Undefined(e);
    }

    private static Instruction Copy(Encoding e)
    {
        int size = Copies.SizeOf(e);
        if (size > 3)
        {
            return Undefined(e);
        }

        if (e[29])
        {
            return e[30] ? ByWord(e, &Copies.InsertElement) : Undefined(e);
        }

        bool fits = size < 3 || e[30];
        return e[14, 11] switch
        {
            0 when fits => ByWord(e, &Copies.DuplicateElement),
            1 when fits => ByWord(e, &Copies.DuplicateGeneral),
            3 when e[30] => ByWord(e, &Copies.InsertGeneral),
            5 when size < (e[30] ? 3 : 2) => ByWord(e, &Copies.ToGeneral),
            7 when (size == 3) == e[30] => ByWord(e, &Copies.ToGeneral),
            _ => Undefined(e),
        };
    }

    private static Instruction ScalarCopy(Encoding e) =>
        !e[29] && e[10] && e[23, 22] == 0 && e[14, 11] == 0 && Copies.SizeOf(e) <= 3
            ? ByWord(e, &Copies.DuplicateElement) : Undefined(e);

    private static Instruction Constant(Encoding e)
    {
        bool isDouble = e[15, 12] == 15 && e[29];
        return e[28] || e[11] || (isDouble && !e[30]) ? Undefined(e) : ByWord(e, &Copies.Constant);
    }
}
