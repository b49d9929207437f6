using Palimpsest.A64.Vectors;
using static Palimpsest.A64.Decoding.Decoder;

namespace Palimpsest.A64.Decoding;

/// <summary>Advanced SIMD, operations with one element.</summary>
internal static unsafe class ElementDecoder
{
    public static Instruction Decode(Encoding e)
    {
        int operation = e[15, 12];
        int size = e[23, 22];
        bool isScalar = e[28];
        bool isFloat = operation is 9 || (operation is 1 or 5 && !e[29]);
        if (isFloat)
        {
            bool isReserved = size < 2 || (size == 3 && (e[21] || (!e[30] && !isScalar)));
            return isReserved ? Undefined(e) : ByWord(e, &Elements.Floats);
        }

        Handler handler = (operation, e[29]) switch
        {
            (0 or 4, true) or (8, false) when !isScalar => &Elements.Integers,
            (12 or 13, false) => &Elements.Integers,
            (2 or 6 or 10, _) when !isScalar => &ThreeDifferent.LongByElement,
            (3 or 7 or 11, false) => &ThreeDifferent.LongByElement,
            _ => null,
        };
        return handler == null || size is 0 or 3 ? Undefined(e) : ByWord(e, handler);
    }
}
