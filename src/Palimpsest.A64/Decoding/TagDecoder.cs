using Palimpsest.A64.Memory;
using Palimpsest.A64.Tags;
using static Palimpsest.A64.Decoding.Decoder;
using static Palimpsest.A64.Decoding.Encoding;

namespace Palimpsest.A64.Decoding;

/// <summary>LDG, STG, ST2G, STZG and STZ2G; those that move many tags at once are not for EL0.</summary>
internal static unsafe class TagDecoder
{
    public static Instruction Decode(Encoding e)
    {
        int offset = e.Signed(20, 12) * 16;
        int operation = e[23, 22];
        if (e[11, 10] == 0)
        {
            return operation == 1 ? Make(&TagMemory.Load, Write(e.Rd), e.Rn, Read(e.Rd), imm: offset) : Undefined(e);
        }

        // STG and ST2G are 0 and 2, STZG and STZ2G 1 and 3.
        int kind = (operation >> 1) | (operation & 1) << 1;
        return e[11, 10] switch
        {
            1 => Make(&TagMemory.Store<PostIndex>, e.Rd, e.Rn, extra: kind, imm: offset),
            2 => Make(&TagMemory.Store<Offset>, e.Rd, e.Rn, extra: kind, imm: offset),
            _ => Make(&TagMemory.Store<PreIndex>, e.Rd, e.Rn, extra: kind, imm: offset),
        };
    }
}
