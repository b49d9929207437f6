using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>
/// Memory nodes of size 0, as most phones have: the bootloader knows the size. --ram is the total RAM; what the
/// sized ranges leave of it goes to the first blank node, at its address. Other blank ranges stay empty, as in Linux.
/// </summary>
internal static class BlankMemory
{
    private const string Remedy = "pass --ram SIZE, or give /sys/firmware/fdt of the running phone";

    public static IEnumerable<MemoryNode> Fill(BoardDraft draft, IReadOnlyList<MemoryNode> nodes)
    {
        ulong known = nodes.SelectMany(node => node.Ranges).Aggregate(0UL, (sum, range) => sum + range.Bytes);
        MemoryNode? blank = nodes.FirstOrDefault(node => node.Ranges.All(range => range.Bytes == 0));
        if (blank is null)
        {
            NoteUnusedRam(draft, known);
            return nodes;
        }

        if (known > 0 && (draft.Options.RamBytes ?? known) == known)
        {
            draft.Notes.Add($"{blank.Source.Path} has size 0 and was passed over, as Linux does; if a bootloader fills it in, {Remedy}");
            return nodes;
        }

        ulong missing = Missing(draft, blank.Source, known);
        PhysicalRange filled = blank.Ranges[0] with { Bytes = missing };
        draft.RequireAddressable(blank.Source, filled);
        MemoryNode? other = nodes.FirstOrDefault(node => node.Ranges.Any(range => range.Bytes > 0 && range.Overlaps(filled)));
        if (other is not null)
        {
            throw draft.Tree.Fault(
                blank.Source,
                $"filled by --ram it would overlap {other.Source.Path}",
                "give /sys/firmware/fdt of the running machine");
        }

        draft.Notes.Add($"{blank.Source.Path} has size 0; --ram makes it {filled}, without the holes of the real machine");
        return nodes.Select(node => node == blank ? node with { Ranges = [filled] } : node);
    }

    private static ulong Missing(BoardDraft draft, DeviceTreeNode blank, ulong known)
    {
        ulong ram = draft.Options.RamBytes ?? throw draft.Tree.Fault(blank, "the memory node has size 0", Remedy);
        if (ram < known || ram == 0)
        {
            throw draft.Tree.Fault(
                blank,
                $"--ram {ByteText.Of(ram)} is less than the {ByteText.Of(known)} that the tree describes",
                "pass the total RAM");
        }

        if (!BoardDraft.IsAddressable(new PhysicalRange(default, ram)))
        {
            throw draft.Tree.Fault(blank, $"--ram {ByteText.Of(ram)} is beyond 52-bit addresses", "pass the total RAM");
        }

        return ram - known;
    }

    private static void NoteUnusedRam(BoardDraft draft, ulong known)
    {
        if (draft.Options.RamBytes is ulong ram && ram != known)
        {
            draft.Notes.Add($"--ram {ByteText.Of(ram)} was not used: the tree describes {ByteText.Of(known)}");
        }
    }
}
