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

    private static readonly KernelRelease FillsFromBelow = new(6, 5);

    public static void PlaceDynamic(BoardDraft draft)
    {
        foreach (DeviceTreeNode node in ReservedMemory.Nodes(draft).Where(node => !node.Has("reg")))
        {
            if (ReservedMemory.IsPool(node) && !draft.Options.AssumesPools)
            {
                draft.Notes.Add($"CMA pool {node.Path} has no place in the tree; it lies where the kernel log says, if anywhere");
                continue;
            }

            if (CommandLineCma.Bypasses(draft, node))
            {
                draft.Notes.Add($"CMA pool {node.Path}: cma= of {draft.CommandLineSource} takes its place");
                continue;
            }

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
        ulong bytes = Size(draft, node, widths);
        if (isPool && bytes % draft.PageBlockBytes != 0)
        {
            draft.Notes.Add($"CMA pool {node.Path} of {ByteText.Of(bytes)} {ReservedMemory.NotWhole(draft)}");
            return;
        }

        PhysicalRange? found = Windows(draft, node, widths)
            .Select(window => Free(draft, window, bytes, alignment))
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

    private static ulong Size(BoardDraft draft, DeviceTreeNode node, CellWidths widths)
    {
        ulong bytes = CellWidths.Number(draft.Tree, node, node.Find("size")!, widths.Size);
        ulong unit = (ulong)draft.Geometry.PageBytes;
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

    // Since 6.5 a window that begins where a reservation lies, and does not end at one, is filled from below, so that
    // reservations stay together (__reserved_mem_alloc_in_range).
    private static PhysicalRange? Free(BoardDraft draft, PhysicalRange window, ulong bytes, ulong alignment)
    {
        bool isAtStart = draft.Reserved.Any(range => IsWithin(range.Range, window.Start.Value));
        bool isAtEnd = draft.Reserved.Any(range => IsWithin(range.Range, window.End));
        return draft.Options.Release >= FillsFromBelow && isAtStart && !isAtEnd
            ? LowestFree(draft, window, bytes, alignment)
            : HighestFree(draft, window, bytes, alignment);
    }

    private static bool IsWithin(PhysicalRange range, ulong address) => address >= range.Start.Value && address <= range.End;

    private static PhysicalRange? LowestFree(BoardDraft draft, PhysicalRange window, ulong bytes, ulong alignment)
    {
        List<PhysicalRange> taken = Taken(draft);
        taken.Reverse();
        foreach (MemoryBank bank in draft.Banks)
        {
            ulong floor = Math.Max(Math.Max(bank.Range.Start.Value, window.Start.Value), (ulong)draft.Geometry.PageBytes);
            ulong ceiling = Math.Min(bank.Range.End, window.End);
            foreach (PhysicalRange hole in taken.Append(new PhysicalRange(new PhysicalAddress(ceiling), 0)))
            {
                ulong start = (floor + alignment - 1) & ~(alignment - 1);
                if (start <= ceiling && ceiling - start >= bytes && start + bytes <= hole.Start.Value)
                {
                    return new PhysicalRange(new PhysicalAddress(start), bytes);
                }

                floor = Math.Max(floor, hole.End);
            }
        }

        return null;
    }

    private static List<PhysicalRange> Taken(BoardDraft draft) =>
    [
        .. draft.Reserved.Select(range => range.Range)
            .Concat(draft.Pools.Select(pool => pool.Range))
            .Concat(draft.TagStorage.Select(span => span.Storage))
            .OrderDescending(),
    ];

    /// <summary>The highest free place in a window, as memblock allocates; null without any.</summary>
    public static PhysicalRange? HighestFree(BoardDraft draft, PhysicalRange window, ulong bytes, ulong alignment)
    {
        List<PhysicalRange> taken = Taken(draft);

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
