using Palimpsest.A64.Decoding;
using Palimpsest.Machine.Mte;

namespace Palimpsest.A64.Compilation;

/// <summary>How the address of an access is made.</summary>
internal enum MemoryMode
{
    Offset,
    PreIndex,
    PostIndex,
    Index,
    Literal,
}

/// <summary>A load or store of one register or two, of those that are compiled; all others are interpreted.</summary>
/// <param name="Size">Bytes of each register.</param>
/// <param name="Register">First register: a source or destination, as the interpreter names them.</param>
/// <param name="Offset">Bytes.</param>
internal sealed record MemoryForm(bool IsLoad, bool IsVector, int Size, int Register, int Base, MemoryMode Mode, long Offset = 0)
{
    /// <summary>The loaded value is extended by its sign, to 64 bits or to 32.</summary>
    public bool IsSigned { get; init; }

    public bool IsToWide { get; init; } = true;

    public bool IsPair { get; init; }

    public int Second { get; init; }

    public int Index { get; init; }

    /// <summary>How the index is extended, and how far it is shifted.</summary>
    public int Option { get; init; }

    public int Shift { get; init; }

    /// <summary>A program cannot see it.</summary>
    public bool IsPrefetch { get; init; }

    /// <summary>Bytes of the access.</summary>
    public int Bytes => IsPair ? 2 * Size : Size;

    /// <summary>Whether tags are checked.</summary>
    public AccessKind Kind => Mode == MemoryMode.Literal ? AccessKind.Literal
        : Mode == MemoryMode.Offset && Base == Cpu.StackPointer ? AccessKind.StackImmediate
        : AccessKind.Data;

    public static MemoryForm? Of(Encoding e) => e[29, 27] switch
    {
        3 when !e[24] => Literal(e),
        5 => Pair(e),
        7 when e[24] => One(e, MemoryMode.Offset, e[21, 10] << (e[26] && e[23] ? 4 : e.Size)),
        7 when !e[21] => e[11, 10] switch
        {
            1 => One(e, MemoryMode.PostIndex, e.Signed(20, 12)),
            3 => One(e, MemoryMode.PreIndex, e.Signed(20, 12)),
            0 => One(e, MemoryMode.Offset, e.Signed(20, 12)),
            _ => null,
        },
        7 when e[11, 10] == 2 && e[14] => Indexed(e),
        _ => null,
    };

    private static MemoryForm? Literal(Encoding e)
    {
        int offset = e.Signed(23, 5) << 2;
        if (e.Size == 3)
        {
            return null;
        }

        int register = e[26] ? e.Rd : Encoding.Write(e.Rd);
        int size = e[26] ? 4 << e.Size : e.Size == 1 ? 8 : 4;
        return new MemoryForm(true, e[26], size, register, 0, MemoryMode.Literal, offset) { IsSigned = !e[26] && e.Size == 2 };
    }

    private static MemoryForm? Pair(Encoding e)
    {
        MemoryMode mode = e[24, 23] switch
        {
            1 => MemoryMode.PostIndex,
            3 => MemoryMode.PreIndex,
            _ => MemoryMode.Offset,
        };
        if (e.Size == 3 || (!e[26] && e.Size == 1 && (!e[22] || e[24, 23] == 0)))
        {
            return null;
        }

        int size = e[26] ? 4 << e.Size : e.IsWide ? 8 : 4;
        long offset = (long)e.Signed(21, 15) * size;
        (int first, int second) = e[26] ? (e.Rd, e.Ra)
            : e[22] ? (Encoding.Write(e.Rd), Encoding.Write(e.Ra)) : (Encoding.Read(e.Rd), Encoding.Read(e.Ra));
        return new MemoryForm(e[22], e[26], size, first, e.Rn, mode, offset)
        {
            IsPair = true, Second = second, IsSigned = !e[26] && e.Size == 1,
        };
    }

    private static MemoryForm? Indexed(Encoding e)
    {
        int shift = e[12] ? (e[26] && e[23] ? 4 : e.Size) : 0;
        MemoryForm? form = One(e, MemoryMode.Index, 0);
        return form is null ? null : form with { Index = Encoding.Read(e.Rm), Option = e[15, 13], Shift = shift };
    }

    private static MemoryForm? One(Encoding e, MemoryMode mode, long offset)
    {
        if (e[26])
        {
            int scale = e[23] ? 4 : e.Size;
            return e[23] && e.Size != 0 ? null : new MemoryForm(e[22], true, 1 << scale, e.Rd, e.Rn, mode, offset);
        }

        bool isPrefetch = e.Size == 3 && e[23];
        bool isSigned = e[23];
        if ((isPrefetch && (e[22] || mode is MemoryMode.PreIndex or MemoryMode.PostIndex)) || (isSigned && e[22] && e.Size > 1))
        {
            return null;
        }

        bool isLoad = e[23, 22] != 0;
        return new MemoryForm(isLoad, false, 1 << e.Size, isLoad ? Encoding.Write(e.Rd) : Encoding.Read(e.Rd), e.Rn, mode, offset)
        {
            IsSigned = isSigned, IsToWide = !(isSigned && e[22]), IsPrefetch = isPrefetch,
        };
    }
}
