using Palimpsest.A64.Integer;
using Palimpsest.A64.Tags;
using static Palimpsest.A64.Decoding.Decoder;
using static Palimpsest.A64.Decoding.Encoding;

namespace Palimpsest.A64.Decoding;

/// <summary>Data processing of registers (Arm ARM, C4.1.89).</summary>
internal static unsafe class RegisterDecoder
{
    public static Instruction Decode(Encoding e) => (e[28], e[24, 21]) switch
    {
        (false, < 8) => Logical(e),
        (false, var kind) => (kind & 1) == 0 ? AddSubtract(e) : AddSubtractExtended(e),
        (true, 0) => WithCarry(e),
        (true, 2) => ConditionalCompare(e),
        (true, 4) => Select(e),
        (true, 6) => e[30] ? OneSource(e) : TwoSources(e),
        (true, >= 8) => ThreeSources(e),
        _ => Undefined(e),
    };

    private static Instruction Logical(Encoding e)
    {
        int shift = e[15, 10];
        if (!e.IsWide && shift > 31)
        {
            return Undefined(e);
        }

        // MOV, by far the most frequent.
        bool isPlain = shift == 0;
        Handler handler = isPlain && e[30, 29] == 1 && !e[21] && e.Rn == 31
            ? Of(e.IsWide, &Logic.Move<Wide>, &Logic.Move<Narrow>)
            : (isPlain ? 0 : e[23, 22] + 1, e[21]) switch
            {
                (0, false) => Logical<Plain>(e),
                (0, true) => Logical<Inverted<Plain>>(e),
                (1, false) => Logical<ShiftLeft>(e),
                (1, true) => Logical<Inverted<ShiftLeft>>(e),
                (2, false) => Logical<ShiftRight>(e),
                (2, true) => Logical<Inverted<ShiftRight>>(e),
                (3, false) => Logical<ShiftArithmetic>(e),
                (3, true) => Logical<Inverted<ShiftArithmetic>>(e),
                (4, false) => Logical<Rotate>(e),
                _ => Logical<Inverted<Rotate>>(e),
            };
        return Make(handler, Write(e.Rd), Read(e.Rn), Read(e.Rm), imm: shift);
    }

    private static Handler Logical<TOperand>(Encoding e)
        where TOperand : struct, IOperand => e[30, 29] switch
        {
            0 => Of(e.IsWide, &Logic.And<Wide, TOperand>, &Logic.And<Narrow, TOperand>),
            1 => Of(e.IsWide, &Logic.Or<Wide, TOperand>, &Logic.Or<Narrow, TOperand>),
            2 => Of(e.IsWide, &Logic.ExclusiveOr<Wide, TOperand>, &Logic.ExclusiveOr<Narrow, TOperand>),
            _ => Of(e.IsWide, &Logic.AndFlags<Wide, TOperand>, &Logic.AndFlags<Narrow, TOperand>),
        };

    private static Instruction AddSubtract(Encoding e)
    {
        int shift = e[15, 10];
        if (e[23, 22] == 3 || (!e.IsWide && shift > 31))
        {
            return Undefined(e);
        }

        Handler handler = (shift == 0 ? 3 : e[23, 22]) switch
        {
            0 => AddSubtract<ShiftLeft>(e),
            1 => AddSubtract<ShiftRight>(e),
            2 => AddSubtract<ShiftArithmetic>(e),
            _ => AddSubtract<Plain>(e),
        };
        return Make(handler, Write(e.Rd), Read(e.Rn), Read(e.Rm), imm: shift);
    }

    private static Instruction AddSubtractExtended(Encoding e) => e[23, 22] != 0 || e[12, 10] > 4
        ? Undefined(e)
        : Make(AddSubtract<Extended>(e), e[29] ? Write(e.Rd) : e.Rd, e.Rn, Read(e.Rm), extra: e[15, 10]);

    private static Handler AddSubtract<TOperand>(Encoding e)
        where TOperand : struct, IOperand => e[30, 29] switch
        {
            0 => Of(e.IsWide, &Arithmetic.Add<Wide, TOperand>, &Arithmetic.Add<Narrow, TOperand>),
            1 => Of(e.IsWide, &Arithmetic.AddFlags<Wide, TOperand>, &Arithmetic.AddFlags<Narrow, TOperand>),
            2 => Of(e.IsWide, &Arithmetic.Subtract<Wide, TOperand>, &Arithmetic.Subtract<Narrow, TOperand>),
            _ => Of(e.IsWide, &Arithmetic.SubtractFlags<Wide, TOperand>, &Arithmetic.SubtractFlags<Narrow, TOperand>),
        };

    private static Instruction WithCarry(Encoding e)
    {
        if (e[15, 10] != 0)
        {
            return Undefined(e);
        }

        Handler handler = e[30, 29] switch
        {
            0 => Of(e.IsWide, &Arithmetic.AddCarry<Wide>, &Arithmetic.AddCarry<Narrow>),
            1 => Of(e.IsWide, &Arithmetic.AddCarryFlags<Wide>, &Arithmetic.AddCarryFlags<Narrow>),
            2 => Of(e.IsWide, &Arithmetic.SubtractCarry<Wide>, &Arithmetic.SubtractCarry<Narrow>),
            _ => Of(e.IsWide, &Arithmetic.SubtractCarryFlags<Wide>, &Arithmetic.SubtractCarryFlags<Narrow>),
        };
        return Make(handler, Write(e.Rd), Read(e.Rn), Read(e.Rm));
    }

    private static Instruction ConditionalCompare(Encoding e)
    {
        if (!e[29] || e[10] || e[4])
        {
            return Undefined(e);
        }

        Handler handler = e[11]
            ? Of(e.IsWide, &Arithmetic.ConditionalCompare<Wide, Immediate>, &Arithmetic.ConditionalCompare<Narrow, Immediate>)
            : Of(e.IsWide, &Arithmetic.ConditionalCompare<Wide, Plain>, &Arithmetic.ConditionalCompare<Narrow, Plain>);
        return Make(handler, e[30] ? 0 : 1, Read(e.Rn), Read(e.Rm), extra: e[15, 12] << 4 | e[3, 0], imm: e.Rm);
    }

    private static Instruction Select(Encoding e) => e[29] || e[11]
        ? Undefined(e)
        : Make(
            Of(e.IsWide, &Logic.Select<Wide>, &Logic.Select<Narrow>), Write(e.Rd), Read(e.Rn), Read(e.Rm), e[15, 12],
            e[30, 30] << 1 | e[10, 10]);

    private static Instruction OneSource(Encoding e)
    {
        if (e[29] || e.Rm != 0)
        {
            return Undefined(e);
        }

        Handler handler = e[15, 10] switch
        {
            0 => Of(e.IsWide, &BitFields.ReverseBits<Wide>, &BitFields.ReverseBits<Narrow>),
            1 or 2 => Of(e.IsWide, &BitFields.ReverseBytes<Wide>, &BitFields.ReverseBytes<Narrow>),
            3 when e.IsWide => &BitFields.ReverseBytes<Wide>,
            4 => Of(e.IsWide, &BitFields.LeadingZeros<Wide>, &BitFields.LeadingZeros<Narrow>),
            5 => Of(e.IsWide, &BitFields.LeadingSigns<Wide>, &BitFields.LeadingSigns<Narrow>),
            _ => null,
        };
        return handler == null ? Undefined(e) : Make(handler, Write(e.Rd), Read(e.Rn), imm: 1 << e[11, 10]);
    }

    private static Instruction TwoSources(Encoding e)
    {
        int operation = e[15, 10];
        if (e[29])
        {
            return operation == 0 && e.IsWide
                ? Make(&TagRegisters.SubtractAddressesFlags, Write(e.Rd), e.Rn, e.Rm) : Undefined(e);
        }

        Handler handler = operation switch
        {
            0 when e.IsWide => &TagRegisters.SubtractAddresses,
            2 => Of(e.IsWide, &Products.Divide<Wide>, &Products.Divide<Narrow>),
            3 => Of(e.IsWide, &Products.DivideSigned<Wide>, &Products.DivideSigned<Narrow>),
            4 when e.IsWide => &TagRegisters.RandomTag,
            5 when e.IsWide => &TagRegisters.MaskOfTag,
            8 => Of(e.IsWide, &Products.ShiftLeft<Wide>, &Products.ShiftLeft<Narrow>),
            9 => Of(e.IsWide, &Products.ShiftRight<Wide>, &Products.ShiftRight<Narrow>),
            10 => Of(e.IsWide, &Products.ShiftArithmetic<Wide>, &Products.ShiftArithmetic<Narrow>),
            11 => Of(e.IsWide, &Products.Rotate<Wide>, &Products.Rotate<Narrow>),
            >= 16 and < 24 when e.IsWide == ((operation & 3) == 3) => &Products.Crc32,
            _ => null,
        };
        // Addresses may be in SP: of both operands of SUBP, of the first and the result of IRG, of the first of GMI.
        bool isAddress = operation is 0 or 4 or 5;
        int rm = operation == 0 ? e.Rm : Read(e.Rm);
        int rd = operation == 4 ? e.Rd : Write(e.Rd);
        return handler == null
            ? Undefined(e)
            : Make(handler, rd, isAddress ? e.Rn : Read(e.Rn), rm, extra: operation >> 2 & 1, imm: 1 << (operation & 3));
    }

    private static Instruction ThreeSources(Encoding e)
    {
        if (e[30, 29] != 0)
        {
            return Undefined(e);
        }

        Handler handler = (e[23, 21], e[15], e.IsWide) switch
        {
            (0, false, _) => Of(e.IsWide, &Products.MultiplyAdd<Wide>, &Products.MultiplyAdd<Narrow>),
            (0, true, _) => Of(e.IsWide, &Products.MultiplySubtract<Wide>, &Products.MultiplySubtract<Narrow>),
            (1 or 5, _, true) => &Products.MultiplyLong,
            (2, false, true) => &Products.MultiplyHighSigned,
            (6, false, true) => &Products.MultiplyHigh,
            _ => null,
        };
        int kind = (e[15] ? 2 : 0) | (e[23] ? 1 : 0);
        return handler == null ? Undefined(e) : Make(handler, Write(e.Rd), Read(e.Rn), Read(e.Rm), Read(e.Ra), kind);
    }
}
