using Palimpsest.A64.Vectors;
using static Palimpsest.A64.Decoding.Decoder;

namespace Palimpsest.A64.Decoding;

/// <summary>Advanced SIMD, shifts by an immediate.</summary>
internal static unsafe class ShiftDecoder
{
    public static Instruction Decode(Encoding e)
    {
        int operation = e[15, 11];
        int size = ImmediateShifts.SizeOf(e);
        bool isScalar = e[28];
        Handler handler = operation switch
        {
            0 or 2 or 4 or 6 => &ImmediateShifts.Lanes,
            10 => &ImmediateShifts.Lanes,
            8 when e[29] => &ImmediateShifts.Lanes,
            12 when e[29] => &ImmediateShifts.Lanes,
            14 => &ImmediateShifts.Lanes,
            16 or 17 when !isScalar || e[29] => &ImmediateShifts.Narrow,
            18 or 19 => &ImmediateShifts.Narrow,
            20 when !isScalar => &ImmediateShifts.Long,
            28 or 31 => &ImmediateShifts.FixedPoint,
            _ => null,
        };
        bool isReserved = operation switch
        {
            >= 28 => size < 2 || (size == 3 && !isScalar && !e[30]),
            >= 16 => size == 3,
            12 or 14 => size == 3 && !isScalar && !e[30],
            _ => isScalar ? size != 3 : size == 3 && !e[30],
        };
        return handler == null || isReserved ? Undefined(e) : ByWord(e, handler);
    }
}
