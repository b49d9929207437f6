using Palimpsest.A64.Control;
using Palimpsest.A64.Tags;
using static Palimpsest.A64.Decoding.Decoder;
using static Palimpsest.A64.Decoding.Encoding;

namespace Palimpsest.A64.Decoding;

/// <summary>Hints, barriers, PSTATE, cache maintenance, MRS and MSR (Arm ARM, C4.1.87).</summary>
internal static unsafe class SystemDecoder
{
    public static Instruction Decode(Encoding e) => e[23, 19] switch
    {
        0b00000 => PstateAndHints(e),
        0b00001 => Operation(e),
        0b00010 or 0b00011 => Move(e, isRead: false),
        0b00110 or 0b00111 => Move(e, isRead: true),
        _ => Undefined(e),
    };

    private static Instruction PstateAndHints(Encoding e)
    {
        (int op1, int crn, int crm, int op2) = (e[18, 16], e[15, 12], e[11, 8], e[7, 5]);
        return crn switch
        {
            2 when op1 == 3 && e.Rd == 31 => Make(&Branches.Nothing),
            3 when op1 == 3 && e.Rd == 31 => op2 switch
            {
                2 => Make(&Memory.Exclusives.Clear),
                4 or 5 => Make(&Branches.Nothing),
                6 => Make(&Branches.Synchronize),
                7 when crm == 0 => Make(&Branches.Nothing),
                _ => Undefined(e),
            },
            4 when op1 == 3 && op2 == 4 && e.Rd == 31 => Make(&SystemRegisters.SetTco, imm: crm & 1),
            _ => Undefined(e),
        };
    }

    /// <summary>DC and IC of EL0.</summary>
    private static Instruction Operation(Encoding e)
    {
        if (e[18, 16] != 3 || e[15, 12] != 7)
        {
            return Undefined(e);
        }

        Handler handler = (e[11, 8], e[7, 5]) switch
        {
            (4, 1) => &BlockInstructions.ZeroData,
            (4, 3) => &BlockInstructions.SetTags,
            (4, 4) => &BlockInstructions.ZeroDataAndSetTags,
            (5, 1) => &Branches.Nothing,
            (10 or 11 or 12 or 13 or 14, 1 or 3 or 5) => &BlockInstructions.Maintain,
            _ => null,
        };
        return handler == null ? Undefined(e) : Make(handler, rn: Read(e.Rd));
    }

    private static Instruction Move(Encoding e, bool isRead)
    {
        int register = e[18, 5];
        if (e[20, 19] != 3)
        {
            return Undefined(e);
        }

        bool isKnown = (SystemRegister)register switch
        {
            SystemRegister.Nzcv or SystemRegister.Fpcr or SystemRegister.Fpsr or SystemRegister.ThreadPointer or SystemRegister.Tco => true,
            SystemRegister.CacheType or SystemRegister.ZeroBlock or SystemRegister.ReadOnlyThreadPointer
                or SystemRegister.CounterFrequency or SystemRegister.Counter => isRead,
            _ => false,
        };
        return !isKnown ? Undefined(e)
            : isRead ? Make(&SystemRegisters.Read, Write(e.Rd), imm: register)
            : Make(&SystemRegisters.Write, Read(e.Rd), imm: register);
    }
}
