using System.Buffers.Binary;

namespace Palimpsest.Userland.Tests.Scripts;

/// <summary>Heads of ELF files: 64 bits, little-endian, AArch64, and program headers behind.</summary>
internal static class ElfSketch
{
    public const int HeaderBytes = 64;
    public const int SegmentBytes = 56;

    public static void WriteHeader(Span<byte> file, ulong entry, int segments, int type = 2)
    {
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file[16..], (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(file[18..], 183);
        BinaryPrimitives.WriteUInt32LittleEndian(file[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file[24..], entry);
        BinaryPrimitives.WriteUInt64LittleEndian(file[32..], HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(file[52..], HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(file[54..], SegmentBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(file[56..], (ushort)segments);
    }

    /// <param name="flags">4 read, 2 write, 1 execute.</param>
    public static void WriteSegment(
        Span<byte> file, int index, int flags, long offset, ulong address, long fileBytes, long memoryBytes, int type = 1)
    {
        Span<byte> header = file[(HeaderBytes + (index * SegmentBytes))..];
        BinaryPrimitives.WriteInt32LittleEndian(header, type);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], flags);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], address);
        BinaryPrimitives.WriteInt64LittleEndian(header[32..], fileBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[40..], memoryBytes);
        BinaryPrimitives.WriteInt64LittleEndian(header[48..], 4096);
    }
}
