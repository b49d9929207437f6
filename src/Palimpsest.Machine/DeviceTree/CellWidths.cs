using System.Buffers.Binary;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.DeviceTree;

/// <summary>How many 32-bit cells an address and a size take in the properties of a node's children.</summary>
internal readonly record struct CellWidths(int Address, int Size)
{
    public int PairBytes => (Address + Size) * sizeof(uint);

    /// <summary>The widths that <paramref name="parent"/> declares for its children; this tool reads 1 or 2 of each.</summary>
    public static CellWidths DeclaredBy(FlattenedDeviceTree tree, DeviceTreeNode parent) =>
        new(Width(tree, parent, "#address-cells"), Width(tree, parent, "#size-cells"));

    /// <summary>A property that is a list of (address, size) pairs.</summary>
    public List<PhysicalRange> Ranges(FlattenedDeviceTree tree, DeviceTreeNode node, DeviceTreeProperty property, int limit)
    {
        ReadOnlySpan<byte> value = property.Value.Span;
        if (value.Length == 0 || value.Length % PairBytes != 0)
        {
            throw tree.Fault(
                node,
                $"{property.Name} has {value.Length} bytes, not a multiple of {PairBytes}",
                $"write pairs of {Address} address and {Size} size cells");
        }

        if (value.Length / PairBytes > limit)
        {
            throw tree.Fault(node, $"{property.Name} has {value.Length / PairBytes} ranges", $"at most {limit} are read");
        }

        var ranges = new List<PhysicalRange>();
        for (; value.Length > 0; value = value[PairBytes..])
        {
            ulong start = Number(value, Address);
            ulong bytes = Number(value[(Address * sizeof(uint))..], Size);
            ranges.Add(new PhysicalRange(new PhysicalAddress(start), bytes));
        }

        return ranges;
    }

    /// <summary>A property that is one number of <paramref name="cells"/> cells.</summary>
    public static ulong Number(FlattenedDeviceTree tree, DeviceTreeNode node, DeviceTreeProperty property, int cells) =>
        property.Value.Length == cells * sizeof(uint)
            ? Number(property.Value.Span, cells)
            : throw tree.Fault(
                node, $"{property.Name} has {property.Value.Length} bytes", $"write one number of {cells} cells");

    /// <summary>The low 64 bits of a number of several cells; the high cells of a PCI address are flags.</summary>
    public static ulong Number(ReadOnlySpan<byte> value, int cells)
    {
        ulong number = 0;
        for (int cell = 0; cell < cells; cell++)
        {
            number = (number << 32) | BinaryPrimitives.ReadUInt32BigEndian(value[(cell * sizeof(uint))..]);
        }

        return number;
    }

    private static int Width(FlattenedDeviceTree tree, DeviceTreeNode parent, string property) =>
        parent.Cell(property) switch
        {
            1 => 1,
            2 => 2,
            null => throw tree.Fault(parent, $"{property} is missing", "write <1> or <2>"),
            uint other => throw tree.Fault(parent, $"{property} is {other}", "only <1> and <2> are read"),
        };
}
