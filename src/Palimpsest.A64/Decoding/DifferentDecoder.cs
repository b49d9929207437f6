using Palimpsest.A64.Vectors;
using static Palimpsest.A64.Decoding.Decoder;

namespace Palimpsest.A64.Decoding;

/// <summary>Advanced SIMD, three registers with lanes of two sizes.</summary>
internal static unsafe class DifferentDecoder
{
    public static Instruction Decode(Encoding e)
    {
        int operation = e[15, 12];
        int size = e[23, 22];
        if (operation == 14 && !e[29] && !e[28] && size == 3)
        {
            return ByWord(e, &ThreeDifferent.PolynomialLong);
        }

        bool isSaturating = operation is 9 or 11 or 13;
        bool isReserved = size == 3 || operation == 15
            || (isSaturating && (e[29] || size == 0))
            || (operation == 14 && (e[29] || size != 0))
            || (e[28] && !isSaturating);
        return isReserved ? Undefined(e) : ByWord(e, operation switch
        {
            1 or 3 => &ThreeDifferent.Wide,
            4 or 6 => &ThreeDifferent.NarrowHigh,
            _ => &ThreeDifferent.Long,
        });
    }
}
