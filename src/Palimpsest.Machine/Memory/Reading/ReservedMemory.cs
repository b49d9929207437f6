using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>Reservations and CMA pools whose place the tree gives.</summary>
internal static class ReservedMemory
{
    private const int MaxNodes = 512;
    private const int MaxRangesPerNode = 64;

    // Linux takes 64; boards that patch it a few more.
    private const int MaxRanges = 1024;

    /// <summary>
    /// /reserved-memory, if it has what Linux wants of it: the root's cells, and ranges (drivers/of/fdt.c, 6.1:
    /// __reserved_mem_check_root); null for one that it ignores as a whole.
    /// </summary>
    public static DeviceTreeNode? SupportedNode(FlattenedDeviceTree tree) => Node(tree) is { } node && WhyIgnored(tree, node) is null ?
        node : null;

    private static DeviceTreeNode? Node(FlattenedDeviceTree tree) =>
        tree.Root.Children.FirstOrDefault(child => child.Name == "reserved-memory" && child.IsAvailable);

    private static string? WhyIgnored(FlattenedDeviceTree tree, DeviceTreeNode node) =>
        !node.Has("ranges") ? "has no ranges"
        : node.Cell("#address-cells") is not { } address || address != tree.Root.Cell("#address-cells") ?
            "has not the root's #address-cells"
        : node.Cell("#size-cells") is not { } size || size != tree.Root.Cell("#size-cells") ? "has not the root's #size-cells"
        : null;

    /// <summary>Does the tree itself have the default CMA area?</summary>
    public static bool HasDefaultPool(BoardDraft draft) => Nodes(draft).Any(node =>
        IsPool(node) && node.Has("linux,cma-default") && !CommandLineCma.Bypasses(draft, node));

    public static void Read(BoardDraft draft)
    {
        if (Node(draft.Tree) is { } node && WhyIgnored(draft.Tree, node) is { } reason)
        {
            draft.Notes.Add($"/reserved-memory {reason}: Linux ignores all of it (unsupported node format)");
        }

        List<ReservedRange> reserved = [.. draft.Tree.ReservedEntries
            .Where(range => range.Bytes > 0)
            .Select(range => new ReservedRange(range, NoMap: false, "/memreserve/"))];
        List<CmaPool> pools = [];
        AddCrashHeader(draft, reserved);
        foreach (DeviceTreeNode child in Nodes(draft).Where(child => child.Has("reg")))
        {
            ReadFixed(draft, child, reserved, pools);
            if (reserved.Count + pools.Count > MaxRanges)
            {
                throw draft.Tree.Fault(child, $"more than {MaxRanges} reserved ranges", "reserve fewer, larger ranges");
            }
        }

        RequireClear(draft, reserved, pools);
        draft.Reserved = ReservedRanges.Settle(reserved, draft.Banks, draft.Notes);
        draft.Pools.AddRange(pools);
    }

    /// <summary>Children of /reserved-memory that are not tag storage.</summary>
    public static IReadOnlyList<DeviceTreeNode> Nodes(BoardDraft draft)
    {
        if (draft.ReservedMemoryNode is not { } parent)
        {
            return [];
        }

        return parent.Children.Count <= MaxNodes
            ? [.. parent.Children.Where(node => node.IsAvailable && !node.IsCompatible(TagStorageNodes.Compatible))]
            : throw draft.Tree.Fault(parent, $"more than {MaxNodes} reservations", "reserve fewer, larger ranges");
    }

    /// <summary>Devices share the pool with the allocator: CMA.</summary>
    public static bool IsPool(DeviceTreeNode node) =>
        node.IsCompatible("shared-dma-pool") && node.Has("reusable") && !node.Has("no-map");

    /// <summary>CMA gives up on a pool in two zones (mm/cma.c, 6.1: cma_activate_area); its frames stay ordinary.</summary>
    public static IReadOnlyList<CmaPool> PoolsWithinOneZone(BoardDraft draft, IReadOnlyList<ZoneSpan> zones)
    {
        var kept = new List<CmaPool>();
        foreach (CmaPool pool in draft.Pools.OrderBy(pool => pool.Range))
        {
            if (zones.Any(zone => zone.Range.Contains(pool.Range)))
            {
                kept.Add(pool);
            }
            else
            {
                string place = pool.IsDynamic ? $", placed as Linux {draft.Options.Release} would," : "";
                draft.Notes.Add($"CMA pool {pool.Name} {pool.Range}{place} crosses a zone boundary; CMA gives it up");
            }
        }

        return kept;
    }

    private static void ReadFixed(BoardDraft draft, DeviceTreeNode node, List<ReservedRange> reserved, List<CmaPool> pools)
    {
        CellWidths widths = CellWidths.DeclaredBy(draft.Tree, node.Parent!);
        List<PhysicalRange> ranges = widths.Ranges(draft.Tree, node, node.Find("reg")!, MaxRangesPerNode);
        bool isBypassed = CommandLineCma.Bypasses(draft, node);
        if (isBypassed)
        {
            draft.Notes.Add($"CMA pool {node.Path}: cma= of {draft.CommandLineSource} takes its place");
        }

        for (int index = isBypassed ? 1 : 0; index < ranges.Count; index++)
        {
            PhysicalRange range = ranges[index];
            if (range.Bytes == 0)
            {
                continue;
            }

            // Of several ranges, the first is the pool.
            if (!IsPool(node) || index > 0)
            {
                reserved.Add(new ReservedRange(range, node.Has("no-map"), node.Path));
            }
            else if (!BankList.HasInOneNode(draft.Banks, range))
            {
                draft.Notes.Add($"CMA pool {node.Path} {range} is not inside RAM and was ignored");
            }
            else if (!TagStorageChecks.IsWholePageBlocks(draft, range))
            {
                draft.Notes.Add($"CMA pool {node.Path} {range} {NotWhole(draft)}");
            }
            else
            {
                pools.Add(new CmaPool(range, IsDynamic: false, node.Path));
            }
        }
    }

    /// <summary>What becomes of a pool off a pageblock (fdt_init_reserved_mem).</summary>
    public static string NotWhole(BoardDraft draft) =>
        $"is not whole pageblocks of {ByteText.Of(draft.PageBlockBytes)}; Linux gives it up, and it is ordinary memory";

    // The memory of a kernel that crashed, told to the one that saves it.
    private static void AddCrashHeader(BoardDraft draft, List<ReservedRange> reserved)
    {
        if (draft.Chosen is { } chosen && chosen.Find("linux,elfcorehdr") is { } property)
        {
            reserved.AddRange(CellWidths.DeclaredBy(draft.Tree, draft.Tree.Root).Ranges(draft.Tree, chosen, property, limit: 1)
                .Where(BoardDraft.IsAddressable).Select(range => new ReservedRange(range, NoMap: false, "/chosen/linux,elfcorehdr")));
        }
    }

    private static void RequireClear(BoardDraft draft, List<ReservedRange> reserved, List<CmaPool> pools)
    {
        foreach (TagStorageSpan span in draft.TagStorage)
        {
            foreach (ReservedRange range in reserved.Where(range => range.Range.Overlaps(span.Storage)))
            {
                throw Overlap(draft, "tag storage", span.Name, span.Storage, range.Name, range.Range);
            }

            foreach (CmaPool pool in pools.Where(pool => pool.Range.Overlaps(span.Storage)))
            {
                throw Overlap(draft, "tag storage", span.Name, span.Storage, pool.Name, pool.Range);
            }
        }

        foreach (CmaPool pool in pools)
        {
            foreach (ReservedRange range in reserved.Where(range => range.Range.Overlaps(pool.Range)))
            {
                throw Overlap(draft, "CMA pool", pool.Name, pool.Range, range.Name, range.Range);
            }

            foreach (CmaPool other in pools.Where(other => other != pool && other.Range.Overlaps(pool.Range)))
            {
                throw Overlap(draft, "CMA pool", pool.Name, pool.Range, other.Name, other.Range);
            }
        }
    }

    private static InputException Overlap(
        BoardDraft draft, string what, string name, PhysicalRange range, string otherName, PhysicalRange other) =>
        new($"{draft.File}: {what} {name} {range} overlaps {otherName} {other}; move one of them");
}
