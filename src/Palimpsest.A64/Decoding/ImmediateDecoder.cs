using Palimpsest.A64.Control;
using Palimpsest.A64.Integer;
using Palimpsest.A64.Tags;
using static Palimpsest.A64.Decoding.Decoder;
using static Palimpsest.A64.Decoding.Encoding;

namespace Palimpsest.A64.Decoding;

/// <summary>Data processing with an immediate (Arm ARM, C4.1.86).</summary>
internal static unsafe class ImmediateDecoder
{
    public static Instruction Decode(Encoding e, int index) => e[25, 23] switch
    {
        0 or 1 => Address(e),
        2 => AddSubtract(e),
        3 => AddSubtractTag(e),
        4 => Logical(e),
        5 => MoveWide(e),
        6 => BitField(e),
        _ => Extract(e),
    };

    private static Instruction Address(Encoding e)
    {
        int offset = e.Signed(23, 5) << 2 | e[30, 29];
        return Make(Of(e.IsWide, &Branches.PageAddress, &Branches.Address), Write(e.Rd), imm: offset);
    }

    private static Instruction AddSubtract(Encoding e)
    {
        int immediate = e[21, 10] << (e[22] ? 12 : 0);
        bool setsFlags = e[29];
        Handler handler = e[30, 29] switch
        {
            0 => Of(e.IsWide, &Arithmetic.Add<Wide, Immediate>, &Arithmetic.Add<Narrow, Immediate>),
            1 => Of(e.IsWide, &Arithmetic.AddFlags<Wide, Immediate>, &Arithmetic.AddFlags<Narrow, Immediate>),
            2 => Of(e.IsWide, &Arithmetic.Subtract<Wide, Immediate>, &Arithmetic.Subtract<Narrow, Immediate>),
            _ => Of(e.IsWide, &Arithmetic.SubtractFlags<Wide, Immediate>, &Arithmetic.SubtractFlags<Narrow, Immediate>),
        };
        return Make(handler, setsFlags ? Write(e.Rd) : e.Rd, e.Rn, imm: immediate);
    }

    private static Instruction AddSubtractTag(Encoding e) => e.IsWide && !e[29] && !e[22]
        ? Make(Of(e[30], &TagRegisters.SubtractTag, &TagRegisters.AddTag), e.Rd, e.Rn, extra: e[13, 10], imm: e[21, 16])
        : Undefined(e);

    private static Instruction Logical(Encoding e)
    {
        int bits = e[22, 10];
        if (!LogicalImmediates.IsAllocated(bits, e.IsWide))
        {
            return Undefined(e);
        }

        Handler handler = e[30, 29] switch
        {
            0 => Of(e.IsWide, &Logic.And<Wide, Mask>, &Logic.And<Narrow, Mask>),
            1 => Of(e.IsWide, &Logic.Or<Wide, Mask>, &Logic.Or<Narrow, Mask>),
            2 => Of(e.IsWide, &Logic.ExclusiveOr<Wide, Mask>, &Logic.ExclusiveOr<Narrow, Mask>),
            _ => Of(e.IsWide, &Logic.AndFlags<Wide, Mask>, &Logic.AndFlags<Narrow, Mask>),
        };
        return Make(handler, e[30, 29] == 3 ? Write(e.Rd) : e.Rd, Read(e.Rn), imm: bits);
    }

    private static Instruction MoveWide(Encoding e)
    {
        if (e[30, 29] == 1 || (!e.IsWide && e[22]))
        {
            return Undefined(e);
        }

        Handler handler = e[30, 29] switch
        {
            0 => Of(e.IsWide, &Logic.MoveInverted<Wide>, &Logic.MoveInverted<Narrow>),
            2 => &Logic.MoveZero,
            _ when e.Rd == 31 => &Branches.Nothing,
            _ => Of(e.IsWide, &Logic.MoveKeep<Wide>, &Logic.MoveKeep<Narrow>),
        };
        return Make(handler, Write(e.Rd), extra: e[22, 21] * 16, imm: e[20, 5]);
    }

    private static Instruction BitField(Encoding e)
    {
        int first = e[21, 16];
        int last = e[15, 10];
        int bits = e.IsWide ? 64 : 32;
        if (e[30, 29] == 3 || e[22] != e.IsWide || first >= bits || last >= bits)
        {
            return Undefined(e);
        }

        bool isUp = last < first;
        Handler handler = e[30, 29] switch
        {
            0 when isUp => Of(e.IsWide, &BitFields.SignedUp<Wide>, &BitFields.SignedUp<Narrow>),
            0 => Of(e.IsWide, &BitFields.Signed<Wide>, &BitFields.Signed<Narrow>),
            1 when e.Rd == 31 => &Branches.Nothing,
            1 => Of(e.IsWide, &BitFields.Insert<Wide>, &BitFields.Insert<Narrow>),
            _ when isUp => &BitFields.UnsignedUp,
            _ => Of(e.IsWide, &BitFields.Unsigned<Wide>, &BitFields.Unsigned<Narrow>),
        };
        int length = isUp ? last + 1 : last - first + 1;
        return Make(handler, Write(e.Rd), Read(e.Rn), rm: isUp ? 1 : 0, extra: length, imm: isUp ? bits - first : first);
    }

    private static Instruction Extract(Encoding e) =>
        e[30, 29] != 0 || e[21] || e[22] != e.IsWide || (!e.IsWide && e[15])
            ? Undefined(e)
            : Make(Of(e.IsWide, &BitFields.Extract<Wide>, &BitFields.Extract<Narrow>), Write(e.Rd), Read(e.Rn), Read(e.Rm), imm: e[15, 10]);
}
