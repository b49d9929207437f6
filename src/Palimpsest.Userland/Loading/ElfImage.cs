using System.Buffers.Binary;
using Palimpsest.Vocabulary;

namespace Palimpsest.Userland.Loading;

/// <summary>A segment to be mapped (PT_LOAD).</summary>
internal readonly record struct ElfSegment(ulong Address, ulong Offset, ulong FileBytes, ulong MemoryBytes, int Flags);

/// <summary>The head of a 64-bit arm64 program or library: where it starts, what is mapped, who interprets it.</summary>
internal sealed class ElfImage
{
    private const int HeaderBytes = 64;
    private const int ProgramHeaderBytes = 56;
    private const int MachineArm64 = 183;
    private const int TypeDynamic = 3;
    private const int LoadSegment = 1;
    private const int InterpreterSegment = 3;

    /// <summary>Pages of a file are counted in 31 bits.</summary>
    private const ulong MostOffset = 1UL << 43;

    private ElfImage(ulong entry, bool isMovable, ulong headersOffset, int headers)
    {
        (Entry, IsMovable, HeadersOffset, Headers) = (entry, isMovable, headersOffset, headers);
    }

    public ulong Entry { get; }

    /// <summary>Addresses are relative to wherever it is mapped (ET_DYN).</summary>
    public bool IsMovable { get; }

    public ulong HeadersOffset { get; }

    public int Headers { get; }

    public List<ElfSegment> Segments { get; } = [];

    /// <summary>Path of the dynamic linker; null for a static program.</summary>
    public string? Interpreter { get; private set; }

    /// <summary>Where the program headers come to lie, before it is moved.</summary>
    public ulong HeadersAddress
    {
        get
        {
            ElfSegment first = Segments.FirstOrDefault(
                segment => segment.Offset <= HeadersOffset && HeadersOffset < segment.Offset + segment.FileBytes);
            return first.Address + HeadersOffset - first.Offset;
        }
    }

    /// <param name="read">Reads bytes of the file at an offset; fewer at its end.</param>
    /// <returns>Null where the file is no arm64 program.</returns>
    public static ElfImage? Read(Func<long, int, byte[]> read)
    {
        byte[] head = read(0, HeaderBytes);
        if (head.Length < HeaderBytes || !head.AsSpan(0, 6).SequenceEqual("\u007fELF\u0002\u0001"u8)
            || BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(18)) != MachineArm64)
        {
            return null;
        }

        ulong offset = Word(head, 32);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(56));
        ElfImage image = new(Word(head, 24), BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(16)) == TypeDynamic, offset, count);
        byte[] table = offset <= long.MaxValue ? read((long)offset, count * ProgramHeaderBytes) : [];
        for (int at = 0; at + ProgramHeaderBytes <= table.Length; at += ProgramHeaderBytes)
        {
            image.Add(table.AsSpan(at, ProgramHeaderBytes), read);
        }

        return image.Segments.Count > 0 && image.Segments.TrueForAll(IsSound) ? image : null;
    }

    /// <summary>It lies where programs are mapped and files can be read, and has its bytes in memory (elf_map, elf_load).</summary>
    private static bool IsSound(ElfSegment segment)
    {
        const ulong most = 1UL << 47;
        return segment.Offset < MostOffset && segment.Address < most && segment.MemoryBytes < most
            && segment.FileBytes <= segment.MemoryBytes
            && segment.Address % GuestMemory.PageBytes == segment.Offset % GuestMemory.PageBytes;
    }

    private void Add(ReadOnlySpan<byte> header, Func<long, int, byte[]> read)
    {
        int type = BinaryPrimitives.ReadInt32LittleEndian(header);
        ulong offset = Word(header, 8);
        ulong bytes = Word(header, 32);
        if (type == LoadSegment)
        {
            int flags = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            Segments.Add(new ElfSegment(Word(header, 16), offset, bytes, Word(header, 40), flags));
        }
        else if (type == InterpreterSegment)
        {
            byte[] path = offset <= long.MaxValue ? read((long)offset, (int)Math.Min(bytes, 4096)) : [];
            Interpreter = System.Text.Encoding.UTF8.GetString(path).TrimEnd('\0');
        }
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
