using Palimpsest.Machine.DeviceTree;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>
/// What /chosen leaves of the RAM, in the order in which Linux 6.1 does it: linux,usable-memory-range of a kernel that was started
/// after a crash (drivers/of/fdt.c), then mem= of the command line (arch/arm64/mm/init.c).
/// </summary>
internal static class BootMemory
{
    // MAX_USABLE_RANGES: the second is for devices that reach little memory.
    private const int MaxUsableRanges = 2;

    private const int MaxRanges = 64;

    public static void Limit(BoardDraft draft)
    {
        IReadOnlyList<PhysicalRange> usable = UsableRanges(draft);
        ulong? limit = draft.CommandLine.RamBytes is { } bytes ? bytes & ~((ulong)draft.Geometry.PageBytes - 1) : null;
        NoteChosen(draft);
        if (usable.Count == 0 && limit is null or 0)
        {
            return;
        }

        if (TagStorageNodes.Any(draft))
        {
            draft.Notes.Add("/chosen limits the RAM (mem= or linux,usable-memory-range); this is not followed, since the tree "
                + "describes the tag storage of all of it");
            return;
        }

        LimitTo(draft, usable);
        LimitTo(draft, limit);
        if (draft.Banks.Count == 0)
        {
            throw new InputException($"{draft.File}: /chosen leaves no RAM (mem= or linux,usable-memory-range); correct it");
        }
    }

    private static void NoteChosen(BoardDraft draft)
    {
        if (draft.CommandLine.NotFollowed is { Count: > 0 } words)
        {
            draft.Notes.Add($"words of {draft.CommandLineSource} that are not followed: {string.Join(' ', words)}");
        }

        if (draft.Chosen?.Has("linux,uefi-mmap-start") is true)
        {
            draft.Notes.Add("the machine was started by UEFI, whose memory map counts and not the memory nodes of the tree; leave --board "
                + "out and give a --snapshot with an iomem, which has it");
        }
    }

    private static IReadOnlyList<PhysicalRange> UsableRanges(BoardDraft draft)
    {
        if (draft.Chosen is not { } chosen || chosen.Find("linux,usable-memory-range") is not { } property)
        {
            return [];
        }

        CellWidths widths = CellWidths.DeclaredBy(draft.Tree, draft.Tree.Root);
        List<PhysicalRange> ranges = widths.Ranges(draft.Tree, chosen, property, MaxRanges);
        ranges.ForEach(range => draft.RequireAddressable(chosen, range));
        return [.. ranges.Take(MaxUsableRanges)];
    }

    private static void LimitTo(BoardDraft draft, IReadOnlyList<PhysicalRange> usable)
    {
        if (usable.Count == 0)
        {
            return;
        }

        ulong before = draft.RamBytes;
        PhysicalRange[] ranges = [.. usable.Take(1).Concat(usable.Skip(1).TakeWhile(range => range.Bytes > 0))];
        draft.Banks = BankList.Join(ranges.SelectMany(range => Parts(draft.Banks, range)), draft.File, draft.Notes);
        draft.Notes.Add($"/chosen/linux,usable-memory-range leaves {ByteText.Of(draft.RamBytes)} of {ByteText.Of(before)}");
    }

    private static IEnumerable<MemoryBank> Parts(IReadOnlyList<MemoryBank> banks, PhysicalRange range) =>
        banks.SelectMany(bank => BankList.Intersect([bank], range).Select(part => bank with { Range = part }));

    // From the lowest address on, over the holes (memblock_mem_limit_remove_map).
    private static void LimitTo(BoardDraft draft, ulong? limit)
    {
        ulong before = draft.RamBytes;
        if (limit is not { } left || left == 0 || left >= before)
        {
            return;
        }

        List<MemoryBank> kept = [];
        foreach (MemoryBank bank in draft.Banks)
        {
            ulong bytes = Math.Min(bank.Range.Bytes, left);
            left -= bytes;
            if (bytes > 0)
            {
                kept.Add(bank with { Range = bank.Range with { Bytes = bytes } });
            }
        }

        draft.Banks = kept;
        draft.Notes.Add($"mem= of {draft.CommandLineSource} leaves {ByteText.Of(draft.RamBytes)} of {ByteText.Of(before)}");
    }
}
