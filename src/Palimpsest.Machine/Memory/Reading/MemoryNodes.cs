using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>A memory node and its RAM in whole pages.</summary>
internal sealed record MemoryNode(DeviceTreeNode Source, IReadOnlyList<PhysicalRange> Ranges, int Node);

/// <summary>Memory nodes become banks.</summary>
internal static class MemoryNodes
{
    private const int MaxRanges = 256;
    private const int MaxNumaNodes = 1024;

    public static void Read(BoardDraft draft)
    {
        CellWidths widths = CellWidths.DeclaredBy(draft.Tree, draft.Tree.Root);
        List<MemoryNode> nodes = [.. draft.Tree.Root.Children
            .Where(IsMemory)
            .Select(source => new MemoryNode(source, RangesOf(draft, source, widths), NumaNode(draft, source)))];
        if (nodes.Sum(node => node.Ranges.Count) > MaxRanges)
        {
            throw draft.Tree.Fault(draft.Tree.Root, $"more than {MaxRanges} ranges of memory", "describe fewer, larger ranges");
        }

        draft.MemoryNodes = [.. BlankMemory.Fill(draft, nodes).Select(node => InWholePages(draft, node))];
        draft.Banks = BankList.Join(
            draft.MemoryNodes.SelectMany(node => node.Ranges.Select(range => new MemoryBank(range, node.Node))),
            draft.File,
            draft.Notes);
        if (draft.Banks.Count == 0)
        {
            throw draft.Tree.Fault(
                draft.Tree.Root,
                "no memory node with RAM: the bootloader adds it, or UEFI describes it",
                "give /sys/firmware/fdt of the running machine, or leave the tree out and pass --ram SIZE");
        }
    }

    private static bool IsMemory(DeviceTreeNode node) =>
        node.IsAvailable && (node.Has("device_type") ? node.Text("device_type") == "memory" : IsNamedMemory(node.Name));

    private static bool IsNamedMemory(string name) =>
        name == "memory" || name.StartsWith("memory@", StringComparison.Ordinal);

    private static List<PhysicalRange> RangesOf(BoardDraft draft, DeviceTreeNode node, CellWidths widths)
    {
        DeviceTreeProperty property = node.Find("linux,usable-memory") ?? node.Find("reg")
            ?? throw draft.Tree.Fault(node, "a memory node without reg", "give its address and size");
        List<PhysicalRange> ranges = widths.Ranges(draft.Tree, node, property, MaxRanges);
        ranges.ForEach(range => draft.RequireAddressable(node, range));
        return ranges;
    }

    private static int NumaNode(BoardDraft draft, DeviceTreeNode node)
    {
        if (!node.Has("numa-node-id"))
        {
            return 0;
        }

        return node.Cell("numa-node-id") is uint id and < MaxNumaNodes
            ? (int)id
            : throw draft.Tree.Fault(node, "numa-node-id is not one cell below 1024", "correct it");
    }

    private static MemoryNode InWholePages(BoardDraft draft, MemoryNode node)
    {
        ulong mask = (ulong)draft.Geometry.PageBytes - 1;
        var pages = new List<PhysicalRange>();
        foreach (PhysicalRange range in node.Ranges.Where(range => range.Bytes > 0))
        {
            ulong start = (range.Start.Value + mask) & ~mask;
            ulong end = range.End & ~mask;
            if (start != range.Start.Value || end != range.End)
            {
                draft.Notes.Add($"{node.Source.Path}: {range} was cut to whole pages of {draft.Geometry.PageBytes / 1024} KiB");
            }

            if (start < end)
            {
                pages.Add(new PhysicalRange(new PhysicalAddress(start), end - start));
            }
        }

        return node with { Ranges = pages };
    }
}
