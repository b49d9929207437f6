using Palimpsest.A64.Vectors;
using static Palimpsest.A64.Decoding.Decoder;

namespace Palimpsest.A64.Decoding;

/// <summary>Advanced SIMD, two registers, all lanes of one, and pairs of it.</summary>
internal static unsafe class TwoRegisterDecoder
{
    public static Instruction Decode(Encoding e)
    {
        int operation = e[16, 12];
        Handler handler = operation is >= 12 and < 16 or >= 22 ? Float(e, operation)
            : e[28] ? Scalar(e, operation) : Vector(e, operation);
        return handler == null ? Undefined(e) : ByWord(e, handler);
    }

    public static Instruction Across(Encoding e)
    {
        int size = e[23, 22];
        bool isInteger = size != 3 && (size != 2 || e[30]);
        return (e[16, 12], e[29]) switch
        {
            (3 or 10 or 26, _) or (27, false) => isInteger ? ByWord(e, &TwoRegisters.Reduce) : Undefined(e),
            (12 or 15, true) => !e[22] && e[30] ? ByWord(e, &FloatLanes.Reduce) : Undefined(e),
            _ => Undefined(e),
        };
    }

    public static Instruction Pairwise(Encoding e) => (e[16, 12], e[29]) switch
    {
        (27, false) when e[23, 22] == 3 => Make(&TwoRegisters.AddPair, e.Rd, e.Rn),
        (12 or 15, true) => ByWord(e, &FloatLanes.Reduce),
        (13, true) when !e[23] => ByWord(e, &FloatLanes.Reduce),
        _ => Undefined(e),
    };

    private static Handler Vector(Encoding e, int operation)
    {
        int size = e[23, 22];
        bool fits = size < 3 || e[30];
        return (operation, e[29]) switch
        {
            (0, _) when size < (e[29] ? 2 : 3) => &TwoRegisters.Reverse,
            (1, false) when size == 0 => &TwoRegisters.Reverse,
            (2 or 6, _) when size < 3 => &TwoRegisters.AddNeighbours,
            (3 or 7 or 8 or 9 or 11, _) or (10, false) when fits => &TwoRegisters.Lanes,
            (4, _) when size < 3 => &TwoRegisters.Lanes,
            (5, false) when size == 0 => &TwoRegisters.Bytes,
            (5, true) when size < 2 => &TwoRegisters.Bytes,
            (18 or 20, _) when size < 3 => &TwoRegisters.Narrow,
            (19, true) when size < 3 => &TwoRegisters.ShiftLong,
            _ => null,
        };
    }

    private static Handler Scalar(Encoding e, int operation)
    {
        int size = e[23, 22];
        return (operation, e[29]) switch
        {
            (3 or 7, _) => &TwoRegisters.Lanes,
            (8 or 9 or 11, _) or (10, false) when size == 3 => &TwoRegisters.Lanes,
            (18, true) or (20, _) when size < 3 => &TwoRegisters.Narrow,
            _ => null,
        };
    }

    /// <summary>Bit 23 is part of the operation; bit 22 says whether numbers are double.</summary>
    private static Handler Float(Encoding e, int operation)
    {
        bool fits = e[28] || !e[22] || e[30];
        bool isScalar = e[28];
        return (operation, e[23], e[29]) switch
        {
            (22, false, false) when !isScalar => &FloatRegisters.ConvertNarrow,
            (22, false, true) when e[22] => &FloatRegisters.ConvertNarrow,
            (23, false, false) when !isScalar => &FloatRegisters.ConvertLong,
            (28, true, _) when !isScalar && !e[22] => &FloatRegisters.IntegerEstimates,
            (12 or 13, true, _) or (14, true, false) when fits => &FloatRegisters.Lanes,
            (26 or 27, _, _) or (28, false, _) or (29, _, _) when fits => &FloatRegisters.Lanes,
            (31, true, false) when isScalar => &FloatRegisters.Lanes,
            (15, true, _) or (24, _, false) or (24, false, true) or (25, _, _) or (31, true, true) when fits && !isScalar =>
                &FloatRegisters.Lanes,
            _ => null,
        };
    }
}
