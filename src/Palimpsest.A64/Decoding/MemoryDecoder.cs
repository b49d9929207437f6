using Palimpsest.A64.Memory;
using static Palimpsest.A64.Decoding.Decoder;
using static Palimpsest.A64.Decoding.Encoding;

namespace Palimpsest.A64.Decoding;

/// <summary>Loads and stores (Arm ARM, C4.1.88).</summary>
internal static unsafe class MemoryDecoder
{
    public static Instruction Decode(Encoding e) => e[29, 27] switch
    {
        1 when !e[26] => e[24] ? Undefined(e) : ExclusiveDecoder.Decode(e),
        1 => StructureDecoder.Decode(e),
        3 when e[24] => e[31, 24] == 0xD9 && e[21] ? TagDecoder.Decode(e) : Undefined(e),
        3 => Literal(e),
        5 => PairDecoder.Decode(e),
        7 when e[24] => UnsignedOffset(e),
        7 when !e[21] => SignedOffset(e),
        7 => e[11, 10] switch
        {
            0 => ExclusiveDecoder.Atomic(e),
            2 => Indexed(e),
            _ => Undefined(e),
        },
        _ => Undefined(e),
    };

    private static Instruction Literal(Encoding e)
    {
        int offset = e.Signed(23, 5) << 2;
        if (e[26])
        {
            return e.Size == 3 ? Undefined(e) : Make(&Loads.Vector<Literal>, e.Rd, rm: 4 << e.Size, imm: offset);
        }

        return e.Size switch
        {
            0 => Make(&Loads.One<Word, Literal>, Write(e.Rd), imm: offset),
            1 => Make(&Loads.One<Memory.Double, Literal>, Write(e.Rd), imm: offset),
            2 => Make(&Loads.One<SignedWord, Literal>, Write(e.Rd), imm: offset),
            _ => Make(&Loads.Prefetch),
        };
    }

    private static Instruction UnsignedOffset(Encoding e)
    {
        int scale = e[26] && e[23] ? 4 : e.Size;
        return Register<Offset>(e, e[21, 10] << scale, hasPrefetch: true);
    }

    private static Instruction SignedOffset(Encoding e)
    {
        int offset = e.Signed(20, 12);
        return e[11, 10] switch
        {
            0 => Register<Offset>(e, offset, hasPrefetch: true),
            1 => Register<PostIndex>(e, offset, hasPrefetch: false),
            2 => e[26] ? Undefined(e) : Register<Offset>(e, offset, hasPrefetch: false),
            _ => Register<PreIndex>(e, offset, hasPrefetch: false),
        };
    }

    private static Instruction Indexed(Encoding e)
    {
        int option = e[15, 13];
        if ((option & 2) == 0)
        {
            return Undefined(e);
        }

        int scale = e[26] && e[23] ? 4 : e.Size;
        int shift = e[12] ? scale : 0;
        if (e[26])
        {
            Handler handler = e[22] ? &Loads.VectorIndexed : &VectorStores.Indexed;
            return e[23] && e.Size != 0
                ? Undefined(e) : Make(handler, e.Rd, e.Rn, Read(e.Rm), (1 << scale << 3) | option, shift);
        }

        // Where it is undefined, nobody looks at these two.
        Instruction made = option == 3
            ? Register<Memory.Index>(e, shift, hasPrefetch: true) : Register<ExtendedIndex>(e, shift, hasPrefetch: true);
        made.Rm = Read(e.Rm);
        made.Extra = (byte)option;
        return made;
    }

    private static Instruction Register<TMode>(Encoding e, int offset, bool hasPrefetch)
        where TMode : struct, IAddressing
    {
        if (e[26])
        {
            int scale = e[23] ? 4 : e.Size;
            Handler handler = e[22] ? &Loads.Vector<TMode> : &VectorStores.One<TMode>;
            return e[23] && e.Size != 0 ? Undefined(e) : Make(handler, e.Rd, e.Rn, 1 << scale, imm: offset);
        }

        if (e[23, 22] == 0)
        {
            return Make(Store<TMode>(e.Size), Read(e.Rd), e.Rn, imm: offset);
        }

        if (e.Size == 3 && e[23])
        {
            return e[22] || !hasPrefetch ? Undefined(e) : Make(&Loads.Prefetch);
        }

        Handler load = e[23, 22] switch
        {
            1 => Load<TMode>(e.Size),
            2 => LoadSigned<TMode>(e.Size),
            _ => e.Size switch
            {
                0 => &Loads.One<SignedByteToWord, TMode>,
                1 => &Loads.One<SignedHalfToWord, TMode>,
                _ => null,
            },
        };
        return load == null ? Undefined(e) : Make(load, Write(e.Rd), e.Rn, imm: offset);
    }

    private static Handler Store<TMode>(int size)
        where TMode : struct, IAddressing => size switch
        {
            0 => &Stores.One<Memory.Byte, TMode>,
            1 => &Stores.One<Memory.Half, TMode>,
            2 => &Stores.One<Word, TMode>,
            _ => &Stores.One<Memory.Double, TMode>,
        };

    private static Handler Load<TMode>(int size)
        where TMode : struct, IAddressing => size switch
        {
            0 => &Loads.One<Memory.Byte, TMode>,
            1 => &Loads.One<Memory.Half, TMode>,
            2 => &Loads.One<Word, TMode>,
            _ => &Loads.One<Memory.Double, TMode>,
        };

    private static Handler LoadSigned<TMode>(int size)
        where TMode : struct, IAddressing => size switch
        {
            0 => &Loads.One<SignedByte, TMode>,
            1 => &Loads.One<SignedHalf, TMode>,
            _ => &Loads.One<SignedWord, TMode>,
        };
}
