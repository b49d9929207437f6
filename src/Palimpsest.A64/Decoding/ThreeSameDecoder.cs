using Palimpsest.A64.Vectors;
using static Palimpsest.A64.Decoding.Decoder;

namespace Palimpsest.A64.Decoding;

/// <summary>Advanced SIMD, three registers of the same lanes.</summary>
internal static unsafe class ThreeSameDecoder
{
    public static Instruction Decode(Encoding e)
    {
        int operation = e[15, 11];
        return e[28] ? (operation >= 24 ? ScalarFloat(e) : Scalar(e, operation))
            : operation >= 24 ? Float(e)
            : operation == 3 ? ByWord(e, &ThreeSame.Logic)
            : Integer(e, operation);
    }

    private static Instruction Integer(Encoding e, int operation)
    {
        int size = e[23, 22];
        bool isReserved = operation switch
        {
            0 or 2 or 4 or 12 or 13 or 14 or 15 or 18 or 20 or 21 => size == 3,
            19 => e[29] ? size != 0 : size == 3,
            22 => size is 0 or 3,
            23 => e[29],
            _ => false,
        };
        return isReserved || (size == 3 && !e[30]) ? Undefined(e)
            : ByWord(e, operation is 20 or 21 or 23 ? &ThreeSame.Pairs : &ThreeSame.Lanes);
    }

    private static Instruction Float(Encoding e)
    {
        bool isAllocated = FloatLanes.ThreeSame[FloatLanes.IndexOf(e)] != null && (!e[22] || e[30]);
        return !isAllocated ? Undefined(e) : ByWord(e, FloatLanes.IsPairwise(e) ? &FloatLanes.Pairs : &FloatLanes.Lanes);
    }

    private static Instruction Scalar(Encoding e, int operation)
    {
        int size = e[23, 22];
        bool isAllocated = operation switch
        {
            1 or 5 or 9 or 11 => true,
            6 or 7 or 8 or 10 or 16 or 17 => size == 3,
            22 => size is 1 or 2,
            _ => false,
        };
        return isAllocated ? ByWord(e, &ThreeSame.Lanes) : Undefined(e);
    }

    /// <summary>FMULX, FCMEQ, FRECPS, FRSQRTS, FCMGE, FACGE, FABD, FCMGT and FACGT.</summary>
    private static Instruction ScalarFloat(Encoding e) =>
        FloatLanes.IndexOf(e) is 3 or 4 or 7 or 15 or 20 or 21 or 26 or 28 or 29 ? ByWord(e, &FloatLanes.Lanes) : Undefined(e);
}
