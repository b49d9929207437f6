using System.Numerics;
using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>
/// Reservations with a size and no address. Linux 6.1 takes the highest free place (drivers/of/of_reserved_mem.c, and
/// memblock working downwards); where its own image and other early allocations lie is unknown here.
/// </summary>
internal static class PoolPlacement
{
    private const int MaxWindows = 16;

    public static void PlaceDynamic(BoardDraft draft)
    {
        foreach (DeviceTreeNode node in ReservedMemory.Nodes(draft).Where(node => !node.Has("reg")))
        {
            if (!node.Has("size"))
            {
                draft.Notes.Add($"{node.Path} has neither reg nor size and was ignored");
                continue;
            }

            Place(draft, node);
        }
    }

    private static void Place(BoardDraft draft, DeviceTreeNode node)
    {
        bool isPool = ReservedMemory.IsPool(node);
        CellWidths widths = CellWidths.DeclaredBy(draft.Tree, node.Parent!);
        ulong alignment = Alignment(draft, node, widths, isPool);
        ulong bytes = Size(draft, node, widths, isPool);
        PhysicalRange? found = Windows(draft, node, widths)
            .Select(window => HighestFree(draft, window, bytes, alignment))
            .FirstOrDefault(range => range is not null);
        if (found is not { } place)
        {
            draft.Notes.Add($"{node.Path}: no room for its {ByteText.Of(bytes)}; Linux would go on without it");
        }
        else if (isPool)
        {
            draft.Pools.Add(new CmaPool(place, IsDynamic: true, node.Path));
        }
        else
        {
            draft.Reserved = [.. draft.Reserved
                .Append(new ReservedRange(place, node.Has("no-map"), node.Path))
                .OrderBy(range => range.Range)];
        }
    }

    private static ulong Size(BoardDraft draft, DeviceTreeNode node, CellWidths widths, bool isPool)
    {
        ulong bytes = CellWidths.Number(draft.Tree, node, node.Find("size")!, widths.Size);
        ulong unit = isPool ? draft.PageBlockBytes : (ulong)draft.Geometry.PageBytes;
        if (bytes == 0 || !BoardDraft.IsAddressable(new PhysicalRange(default, bytes)))
        {
            throw draft.Tree.Fault(node, $"a reservation of {bytes:N0} bytes", "correct its size");
        }

        return (bytes + unit - 1) / unit * unit;
    }

    // The least alignment of CMA in 6.1 is a pageblock: the recorded 6.1 machines have their area at 0xb9a00000.
    private static ulong Alignment(BoardDraft draft, DeviceTreeNode node, CellWidths widths, bool isPool)
    {
        ulong alignment = node.Find("alignment") is { } property
            ? CellWidths.Number(draft.Tree, node, property, CellsOf(property, widths))
            : 0;
        if (alignment != 0 && !BitOperations.IsPow2(alignment))
        {
            throw draft.Tree.Fault(node, $"alignment 0x{alignment:x} is not a power of two", "correct it");
        }

        return Math.Max(alignment, isPool ? draft.PageBlockBytes : (ulong)draft.Geometry.PageBytes);
    }

    // Linux demands the width of an address, the binding that of a size; trees follow either.
    private static int CellsOf(DeviceTreeProperty alignment, CellWidths widths) =>
        alignment.Value.Length == widths.Size * sizeof(uint) ? widths.Size : widths.Address;

    private static IReadOnlyList<PhysicalRange> Windows(BoardDraft draft, DeviceTreeNode node, CellWidths widths) =>
        node.Find("alloc-ranges") is { } property
            ? widths.Ranges(draft.Tree, node, property, MaxWindows)
            : [new PhysicalRange(default, ulong.MaxValue)];

    private static PhysicalRange? HighestFree(BoardDraft draft, PhysicalRange window, ulong bytes, ulong alignment)
    {
        List<PhysicalRange> taken = [.. draft.Reserved.Select(range => range.Range)
            .Concat(draft.Pools.Select(pool => pool.Range))
            .Concat(draft.TagStorage.Select(span => span.Storage))
            .OrderDescending()];

        // memblock never gives out the first page.
        ulong lowest = Math.Max(window.Start.Value, (ulong)draft.Geometry.PageBytes);
        int next = 0;
        foreach (MemoryBank bank in draft.Banks.Reverse())
        {
            ulong floor = Math.Max(bank.Range.Start.Value, lowest);
            ulong ceiling = Math.Min(bank.Range.End, window.End);
            while (ceiling >= bytes && (ceiling - bytes & ~(alignment - 1)) is ulong start && start >= floor)
            {
                var place = new PhysicalRange(new PhysicalAddress(start), bytes);
                while (next < taken.Count && taken[next].Start.Value >= place.End)
                {
                    next++;
                }

                if (next == taken.Count || !taken[next].Overlaps(place))
                {
                    return place;
                }

                ceiling = taken[next].Start.Value;
            }
        }

        return null;
    }
}
