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

    public static void Read(BoardDraft draft)
    {
        List<ReservedRange> reserved = [.. draft.Tree.ReservedEntries
            .Where(range => range.Bytes > 0)
            .Select(range => new ReservedRange(range, NoMap: false, "/memreserve/"))];
        List<CmaPool> pools = [];
        foreach (DeviceTreeNode node in Nodes(draft).Where(node => node.Has("reg")))
        {
            ReadFixed(draft, node, reserved, pools);
            if (reserved.Count + pools.Count > MaxRanges)
            {
                throw draft.Tree.Fault(node, $"more than {MaxRanges} reserved ranges", "reserve fewer, larger ranges");
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
                draft.Notes.Add($"CMA pool {pool.Name} {pool.Range} crosses a zone boundary; CMA gives it up");
            }
        }

        return kept;
    }

    private static void ReadFixed(BoardDraft draft, DeviceTreeNode node, List<ReservedRange> reserved, List<CmaPool> pools)
    {
        CellWidths widths = CellWidths.DeclaredBy(draft.Tree, node.Parent!);
        List<PhysicalRange> ranges = widths.Ranges(draft.Tree, node, node.Find("reg")!, MaxRangesPerNode);
        foreach (PhysicalRange range in ranges.Where(range => range.Bytes > 0))
        {
            if (!IsPool(node))
            {
                reserved.Add(new ReservedRange(range, node.Has("no-map"), node.Path));
            }
            else if (!BankList.HasInOneNode(draft.Banks, range))
            {
                draft.Notes.Add($"CMA pool {node.Path} {range} is not inside RAM and was ignored");
            }
            else if (!TagStorageChecks.IsWholePageBlocks(draft, range))
            {
                string block = ByteText.Of(draft.PageBlockBytes);
                draft.Notes.Add($"CMA pool {node.Path} {range} is not whole pageblocks of {block}; it stays reserved");
                reserved.Add(new ReservedRange(range, NoMap: false, node.Path));
            }
            else
            {
                pools.Add(new CmaPool(range, IsDynamic: false, node.Path));
            }
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
