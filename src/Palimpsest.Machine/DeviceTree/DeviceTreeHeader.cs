using System.Buffers.Binary;

namespace Palimpsest.Machine.DeviceTree;

/// <summary>Where the blocks of a tree are; every block lies inside the total size once this exists.</summary>
internal readonly record struct DeviceTreeHeader(
    int TotalBytes, int StructureStart, int StructureEnd, int StringsStart, int StringsEnd, int ReservationsStart)
{
    // Version 17 added the size of the structure block; 16 is the oldest that the specification calls compatible.
    private const uint Version = 17;
    private const uint OldestVersion = 16;
    private const int HeaderBytes = 40;

    public static DeviceTreeHeader Read(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.Length < HeaderBytes)
        {
            throw DeviceTreeFault.Damaged(file, bytes.Length, $"the file ends inside the {HeaderBytes}-byte header");
        }

        CheckVersion(bytes, file);
        int total = TotalSize(bytes, file);
        int structure = BlockStart(bytes, 8, total, "structure block", file);
        int strings = BlockStart(bytes, 12, total, "strings block", file);
        int reservations = BlockStart(bytes, 16, total, "memory reservation block", file);
        if (structure % sizeof(uint) != 0)
        {
            throw DeviceTreeFault.Damaged(file, 8, $"the structure block starts at {structure}, not at a multiple of 4");
        }

        int stringsEnd = BlockEnd(strings, CellAt(bytes, 32), total, "strings block", file, 32);
        int structureEnd = CellAt(bytes, 20) < Version
            ? total
            : BlockEnd(structure, CellAt(bytes, 36), total, "structure block", file, 36);
        return new DeviceTreeHeader(total, structure, structureEnd, strings, stringsEnd, reservations);
    }

    private static void CheckVersion(ReadOnlySpan<byte> bytes, string file)
    {
        uint version = CellAt(bytes, 20);
        uint readableAs = CellAt(bytes, 24);
        if (version < OldestVersion || readableAs > Version)
        {
            throw DeviceTreeFault.At(
                file, 20, $"version {version}, readable as {readableAs}, is not supported", "compile the tree as version 17");
        }
    }

    private static int TotalSize(ReadOnlySpan<byte> bytes, string file)
    {
        uint total = CellAt(bytes, 4);
        if (total > FlattenedDeviceTree.MaxBytes)
        {
            throw DeviceTreeFault.At(file, 4, $"the tree claims {total:N0} bytes", "trees of up to 16 MiB are read");
        }

        if (total < HeaderBytes || total > bytes.Length)
        {
            throw DeviceTreeFault.Damaged(file, 4, $"the tree claims {total:N0} bytes, the file has {bytes.Length:N0}");
        }

        return (int)total;
    }

    private static int BlockStart(ReadOnlySpan<byte> bytes, int field, int total, string block, string file)
    {
        uint start = CellAt(bytes, field);
        return start >= HeaderBytes && start <= total
            ? (int)start
            : throw DeviceTreeFault.Damaged(file, field, $"the {block} starts at {start}, outside the tree");
    }

    private static int BlockEnd(int start, uint size, int total, string block, string file, int field) =>
        size <= (uint)(total - start)
            ? start + (int)size
            : throw DeviceTreeFault.Damaged(file, field, $"the {block} of {size} bytes at {start} runs past the tree");

    private static uint CellAt(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);
}
