using Palimpsest.A64.Floats;
using static Palimpsest.A64.Decoding.Decoder;
using static Palimpsest.A64.Decoding.Encoding;

namespace Palimpsest.A64.Decoding;

/// <summary>Scalar floating point (Arm ARM, C4.1.90). Halves are only converted: FEAT_FP16 is not told of.</summary>
internal static unsafe class FloatDecoder
{
    private const int HalfType = 3;

    public static Instruction Decode(Encoding e)
    {
        int type = e[23, 22];
        if (e[24])
        {
            return e.IsWide || type > 1 ? Undefined(e) : MultiplyAdd(e);
        }

        if (!e[21])
        {
            return type > 1 ? Undefined(e) : FixedPoint(e);
        }

        if (e[15, 10] == 0)
        {
            return IntegerConversion(e, type);
        }

        return e.IsWide ? Undefined(e) : WithoutIntegers(e, type);
    }

    private static Instruction WithoutIntegers(Encoding e, int type)
    {
        if (e[14, 10] == 16)
        {
            return OneSource(e, type);
        }

        if (type > 1)
        {
            return Undefined(e);
        }

        int bytes = type == 1 ? 8 : 4;
        if (e[13, 10] == 8)
        {
            return e[15, 14] == 0 && e[2, 0] == 0
                ? Make(&Scalars.Compare, 0, e.Rn, e.Rm, bytes, e[3, 3] | e[4, 4] << 1) : Undefined(e);
        }

        if (e[12, 10] == 4)
        {
            return e.Rn == 0 ? Make(&Scalars.Constant, e.Rd, extra: bytes, imm: e[20, 13]) : Undefined(e);
        }

        return e[11, 10] switch
        {
            1 => ByWord(e, &Scalars.ConditionalCompare),
            2 => TwoSources(e, bytes),
            3 => Make(&Scalars.Select, e.Rd, e.Rn, e.Rm, bytes, e[15, 12]),
            _ => Undefined(e),
        };
    }

    private static Instruction MultiplyAdd(Encoding e)
    {
        // FMADD, FMSUB (product negated), FNMADD (both negated), FNMSUB (addend negated).
        int negated = (e[21], e[15]) switch
        {
            (false, false) => 0,
            (false, true) => 2,
            (true, false) => 3,
            _ => 1,
        };
        return Make(&Scalars.MultiplyAdd, e.Rd, e.Rn, e.Rm, e.Ra, negated | (e[22] ? 4 : 0));
    }

    private static Instruction FixedPoint(Encoding e)
    {
        if (!e.IsWide && !e[15])
        {
            return Undefined(e);
        }

        return (e[20, 19], e[18, 16]) switch
        {
            (0, 2 or 3) => ByWord(e, &IntegerConversions.FromInteger),
            (3, 0 or 1) => ByWord(e, &IntegerConversions.ToInteger),
            _ => Undefined(e),
        };
    }

    private static Instruction IntegerConversion(Encoding e, int type)
    {
        int rounding = e[20, 19];
        int opcode = e[18, 16];
        if (type == 2)
        {
            return (rounding, opcode, e.IsWide) switch
            {
                (1, 6, true) => Make(&IntegerConversions.MoveUpperToGeneral, Write(e.Rd), e.Rn),
                (1, 7, true) => Make(&IntegerConversions.MoveUpperFromGeneral, e.Rd, Read(e.Rn)),
                _ => Undefined(e),
            };
        }

        bool isSameSize = type == (e.IsWide ? 1 : 0);
        return (rounding, opcode) switch
        {
            _ when type == HalfType => Undefined(e),
            (_, 0 or 1) or (0, 4 or 5) => ByWord(e, &IntegerConversions.ToInteger),
            (0, 2 or 3) => ByWord(e, &IntegerConversions.FromInteger),
            (0, 6) when isSameSize => Make(&IntegerConversions.MoveToGeneral, Write(e.Rd), e.Rn, extra: type == 1 ? 8 : 4),
            (0, 7) when isSameSize => Make(&IntegerConversions.MoveFromGeneral, e.Rd, Read(e.Rn), extra: type == 1 ? 8 : 4),
            _ => Undefined(e),
        };
    }

    private static Instruction OneSource(Encoding e, int type)
    {
        int opcode = e[20, 15];
        int bytes = type == HalfType ? 2 : type == 1 ? 8 : 4;
        if (opcode is 4 or 5 or 7)
        {
            int to = opcode - 4;
            return type == 2 || to == type
                ? Undefined(e) : Make(&Scalars.Convert, e.Rd, e.Rn, extra: bytes, imm: to == HalfType ? 2 : to == 1 ? 8 : 4);
        }

        Handler handler = opcode switch
        {
            0 => &Scalars.Move,
            1 => &Scalars.Absolute,
            2 => &Scalars.Negate,
            3 => &Scalars.SquareRoot,
            >= 8 and < 16 and not 13 => &Scalars.RoundToIntegral,
            _ => null,
        };
        return handler == null || type > 1 ? Undefined(e) : Make(handler, e.Rd, e.Rn, extra: bytes, imm: opcode & 7);
    }

    private static Instruction TwoSources(Encoding e, int bytes)
    {
        Handler handler = e[15, 12] switch
        {
            0 => &Scalars.Binary<FloatMultiply>,
            1 => &Scalars.Binary<FloatDivide>,
            2 => &Scalars.Binary<FloatAdd>,
            3 => &Scalars.Binary<FloatSubtract>,
            4 => &Scalars.Binary<FloatMax>,
            5 => &Scalars.Binary<FloatMin>,
            6 => &Scalars.Binary<FloatMaxNumber>,
            7 => &Scalars.Binary<FloatMinNumber>,
            8 => &Scalars.Binary<FloatMultiplyNegated>,
            _ => null,
        };
        return handler == null ? Undefined(e) : Make(handler, e.Rd, e.Rn, e.Rm, bytes);
    }
}
