using Palimpsest.A64.Memory;
using static Palimpsest.A64.Decoding.Decoder;

namespace Palimpsest.A64.Decoding;

/// <summary>LD1 to LD4, ST1 to ST4 and the forms that replicate.</summary>
internal static unsafe class StructureDecoder
{
    public static Instruction Decode(Encoding e)
    {
        if (e.IsWide || (!e[23] && e.Rm != 0))
        {
            return Undefined(e);
        }

        return e[24] ? Single(e) : Multiple(e);
    }

    private static Instruction Multiple(Encoding e)
    {
        if (e[21])
        {
            return Undefined(e);
        }

        (int registers, int elements) = e[15, 12] switch
        {
            0 => (4, 4),
            2 => (4, 1),
            4 => (3, 3),
            6 => (3, 1),
            7 => (1, 1),
            8 => (2, 2),
            10 => (2, 1),
            _ => (0, 0),
        };
        bool isReserved = e[11, 10] == 3 && !e[30] && elements > 1;
        return registers == 0 || isReserved
            ? Undefined(e) : ByWord(e, &Structures.Multiple) with { Extra = (byte)(registers << 4 | elements) };
    }

    private static Instruction Single(Encoding e)
    {
        int registers = 1 + e[21, 21] + (2 * e[13, 13]);
        int opcode = e[15, 14];
        int size = e[11, 10];
        bool isAllocated = opcode switch
        {
            0 => true,
            1 => (size & 1) == 0,
            2 => size == 0 || (size == 1 && !e[12]),
            _ => e[22] && !e[12],
        };
        int lane = opcode switch
        {
            2 => 2 + size,
            3 => size,
            _ => opcode,
        };
        return isAllocated ? ByWord(e, &Structures.Single) with { Extra = (byte)(registers << 4 | lane) } : Undefined(e);
    }
}
