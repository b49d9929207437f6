using Palimpsest.A64.Control;
using Palimpsest.A64.Integer;
using static Palimpsest.A64.Decoding.Decoder;
using static Palimpsest.A64.Decoding.Encoding;

namespace Palimpsest.A64.Decoding;

/// <summary>Branches, exceptions and system instructions (Arm ARM, C4.1.87).</summary>
internal static unsafe class BranchDecoder
{
    private const int WordsOfPage = CodePages.PageBytes / 4;

    public static Instruction Decode(Encoding e, int index) => e[31, 29] switch
    {
        0 or 4 => Unconditional(e, index),
        1 or 5 => e[25] ? TestBit(e, index) : Compare(e, index),
        2 => e[25, 24] == 0 && !e[4] ? Conditional(e, index) : Undefined(e),
        6 => e[25] ? Register(e) : e[24] ? SystemDecoder.Decode(e) : Exception(e),
        _ => Undefined(e),
    };

    private static Instruction Unconditional(Encoding e, int index)
    {
        int distance = e.Signed(25, 0);
        bool isNear = IsNear(index, distance);
        return e.IsWide
            ? Make(isNear ? &Branches.Call : &Branches.CallFar, imm: distance)
            : Make(isNear ? &Branches.Jump : &Branches.JumpFar, imm: distance);
    }

    private static Instruction Compare(Encoding e, int index)
    {
        int distance = e.Signed(23, 5);
        Handler handler = (IsNear(index, distance), e[24]) switch
        {
            (true, false) => Of(e.IsWide, &Branches.IfZero<Wide, Near>, &Branches.IfZero<Narrow, Near>),
            (true, true) => Of(e.IsWide, &Branches.IfNotZero<Wide, Near>, &Branches.IfNotZero<Narrow, Near>),
            (false, false) => Of(e.IsWide, &Branches.IfZero<Wide, Far>, &Branches.IfZero<Narrow, Far>),
            _ => Of(e.IsWide, &Branches.IfNotZero<Wide, Far>, &Branches.IfNotZero<Narrow, Far>),
        };
        return Make(handler, rn: Read(e.Rd), imm: distance);
    }

    private static Instruction TestBit(Encoding e, int index)
    {
        int distance = e.Signed(18, 5);
        Handler handler = (IsNear(index, distance), e[24]) switch
        {
            (true, false) => &Branches.IfBitClear<Near>,
            (true, true) => &Branches.IfBitSet<Near>,
            (false, false) => &Branches.IfBitClear<Far>,
            _ => &Branches.IfBitSet<Far>,
        };
        return Make(handler, rn: Read(e.Rd), extra: e[31, 31] << 5 | e[23, 19], imm: distance);
    }

    private static Instruction Conditional(Encoding e, int index)
    {
        int distance = e.Signed(23, 5);
        bool isNear = IsNear(index, distance);
        return Make(isNear ? Conditional<Near>(e[3, 0]) : Conditional<Far>(e[3, 0]), extra: e[3, 0], imm: distance);
    }

    private static Handler Conditional<TDistance>(int condition)
        where TDistance : struct, IDistance => condition switch
        {
            0 => &Branches.IfEqual<TDistance>,
            1 => &Branches.IfNotEqual<TDistance>,
            2 => &Branches.IfCarry<TDistance>,
            3 => &Branches.IfNoCarry<TDistance>,
            10 => &Branches.IfAtLeast<TDistance>,
            11 => &Branches.IfLess<TDistance>,
            _ => &Branches.If<TDistance>,
        };

    private static Instruction Register(Encoding e)
    {
        if (e.Rm != 31 || e[15, 10] != 0 || e.Rd != 0)
        {
            return Undefined(e);
        }

        return e[24, 21] switch
        {
            0 or 2 => Make(&Branches.JumpRegister, rn: Read(e.Rn)),
            1 => Make(&Branches.CallRegister, rn: Read(e.Rn)),
            _ => Undefined(e),
        };
    }

    private static Instruction Exception(Encoding e) => (e[23, 21], e[4, 0]) switch
    {
        (0, 1) => Make(&Exceptions.SystemCall, imm: e[20, 5]),
        (1, 0) => Make(&Exceptions.Breakpoint, imm: e[20, 5]),
        _ => Undefined(e),
    };

    private static bool IsNear(int index, int distance) => (uint)(index + distance) < WordsOfPage;
}
