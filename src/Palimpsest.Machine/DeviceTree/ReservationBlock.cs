using System.Buffers.Binary;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.DeviceTree;

/// <summary>The list of /memreserve/ entries: pairs of 64-bit numbers up to a pair of zeros.</summary>
internal static class ReservationBlock
{
    // Real trees have a handful; the bound keeps later work on the entries small.
    private const int MaxEntries = 512;
    private const int EntryBytes = 16;

    public static IReadOnlyList<PhysicalRange> Read(ReadOnlySpan<byte> tree, int start, string file)
    {
        var entries = new List<PhysicalRange>();
        for (int offset = start; ; offset += EntryBytes)
        {
            if (tree.Length - offset < EntryBytes)
            {
                throw DeviceTreeFault.Damaged(file, offset, "the memory reservation block has no end");
            }

            ulong address = BinaryPrimitives.ReadUInt64BigEndian(tree[offset..]);
            ulong bytes = BinaryPrimitives.ReadUInt64BigEndian(tree[(offset + 8)..]);
            if (address == 0 && bytes == 0)
            {
                return entries;
            }

            if (entries.Count == MaxEntries)
            {
                throw DeviceTreeFault.Damaged(file, offset, $"more than {MaxEntries} memory reservations");
            }

            entries.Add(new PhysicalRange(new PhysicalAddress(address), bytes));
        }
    }
}
