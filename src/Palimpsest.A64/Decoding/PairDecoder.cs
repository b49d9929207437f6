using Palimpsest.A64.Memory;
using Palimpsest.A64.Tags;
using static Palimpsest.A64.Decoding.Decoder;
using static Palimpsest.A64.Decoding.Encoding;

namespace Palimpsest.A64.Decoding;

/// <summary>LDP, STP, LDPSW, STGP and the forms that do not allocate.</summary>
internal static unsafe class PairDecoder
{
    public static Instruction Decode(Encoding e) => e[24, 23] switch
    {
        1 => Decode<PostIndex>(e),
        3 => Decode<PreIndex>(e),
        0 when !e[26] && e.Size == 1 => Undefined(e),
        _ => Decode<Offset>(e),
    };

    private static Instruction Decode<TMode>(Encoding e)
        where TMode : struct, IAddressing
    {
        int offset = e.Signed(21, 15);
        if (e.Size == 3)
        {
            return Undefined(e);
        }

        if (e[26])
        {
            Handler vectors = e[22] ? &Loads.VectorPair<TMode> : &VectorStores.Pair<TMode>;
            return Make(vectors, e.Rd, e.Rn, 4 << e.Size, e.Ra, offset << (2 + e.Size));
        }

        if (e.Size == 1)
        {
            return e[22]
                ? Make(&Loads.Pair<SignedWord, TMode>, Write(e.Rd), e.Rn, extra: Write(e.Ra), imm: offset << 2)
                : Make(&TagMemory.StorePair<TMode>, Read(e.Rd), e.Rn, extra: Read(e.Ra), imm: offset << 4);
        }

        Handler handler = (e[22], e.IsWide) switch
        {
            (false, false) => &Stores.Pair<Word, TMode>,
            (false, true) => &Stores.Pair<Memory.Double, TMode>,
            (true, false) => &Loads.Pair<Word, TMode>,
            _ => &Loads.Pair<Memory.Double, TMode>,
        };
        int first = e[22] ? Write(e.Rd) : Read(e.Rd);
        int second = e[22] ? Write(e.Ra) : Read(e.Ra);
        return Make(handler, first, e.Rn, extra: second, imm: offset << (e.IsWide ? 3 : 2));
    }
}
