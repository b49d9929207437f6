using System.Numerics;
using Palimpsest.Machine.DeviceTree;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>
/// Address bits of the least capable bus, from dma-ranges: the smallest of the highest CPU addresses that buses reach
/// (drivers/of/address.c, 6.1: of_dma_get_max_cpu_address).
/// </summary>
internal static class DmaAddressLimit
{
    private const int Unlimited = 32;

    // Below one 64 KiB page there would be no zone left.
    private const int Fewest = 16;

    // Boards have a few of each; the bounds keep the walks up the tree short.
    private const int MaxEntries = 32;
    private const int MaxBuses = 256;

    private sealed record Window(ulong Child, ulong Parent, ulong Bytes);

    public static int Bits(FlattenedDeviceTree tree)
    {
        ulong highest = Buses(tree.Root)
            .Take(MaxBuses)
            .Select(HighestAddress)
            .Where(address => address > 0)
            .DefaultIfEmpty(uint.MaxValue)
            .Min();
        return Math.Clamp(64 - BitOperations.LeadingZeroCount(highest), Fewest, Unlimited);
    }

    private static IEnumerable<DeviceTreeNode> Buses(DeviceTreeNode node)
    {
        if (node.Has("dma-ranges"))
        {
            yield return node;
        }

        foreach (DeviceTreeNode bus in node.Children.Where(child => child.IsAvailable).SelectMany(Buses))
        {
            yield return bus;
        }
    }

    private static ulong HighestAddress(DeviceTreeNode bus) =>
        Windows(bus).Select(window => LastCpuAddress(bus, window)).DefaultIfEmpty().Max();

    // 0 where a bus further up does not pass the address on.
    private static ulong LastCpuAddress(DeviceTreeNode bus, Window window)
    {
        ulong address = window.Parent;
        for (DeviceTreeNode? above = bus.Parent; above is not null; above = above.Parent)
        {
            List<Window> windows = Windows(above);
            if (windows.Count == 0)
            {
                continue;
            }

            if (windows.Find(outer => address >= outer.Child && address - outer.Child < outer.Bytes) is not { } passing)
            {
                return 0;
            }

            address = passing.Parent + (address - passing.Child);
        }

        return window.Bytes == 0 || address > ulong.MaxValue - window.Bytes ? 0 : address + window.Bytes - 1;
    }

    // An entry is (address on the bus, address on its parent, size); none means that addresses pass unchanged.
    private static List<Window> Windows(DeviceTreeNode bus)
    {
        var windows = new List<Window>();
        if (bus.Find("dma-ranges") is not { Value.Length: > 0 } property || bus.Parent is not { } parent)
        {
            return windows;
        }

        int child = Width(bus, "#address-cells", 2);
        int size = Width(bus, "#size-cells", 1);
        int above = Width(parent, "#address-cells", 2);
        int entryBytes = (child + above + size) * sizeof(uint);
        ReadOnlySpan<byte> rest = property.Value.Span;
        for (; rest.Length >= entryBytes && entryBytes > 0 && windows.Count < MaxEntries; rest = rest[entryBytes..])
        {
            windows.Add(new Window(
                CellWidths.Number(rest, child),
                CellWidths.Number(rest[(child * sizeof(uint))..], above),
                CellWidths.Number(rest[((child + above) * sizeof(uint))..], size)));
        }

        return windows;
    }

    private static int Width(DeviceTreeNode node, string property, int otherwise) =>
        (int)Math.Min(node.Cell(property) ?? (uint)otherwise, 4);
}
