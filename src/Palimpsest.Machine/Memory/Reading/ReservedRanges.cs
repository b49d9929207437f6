using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory.Reading;

/// <summary>Makes reservations that overlap, or lie outside RAM, into a sorted list of disjoint ranges of RAM.</summary>
internal static class ReservedRanges
{
    private const int NamesInANote = 3;

    public static IReadOnlyList<ReservedRange> Settle(
        IReadOnlyList<ReservedRange> reserved, IReadOnlyList<MemoryBank> banks, List<string> notes)
    {
        // What is not mapped stays so, whoever else reserves it.
        List<ReservedRange> unmapped = Merge(reserved.Where(range => range.NoMap));
        List<ReservedRange> mapped = Without(Merge(reserved.Where(range => !range.NoMap)), unmapped);

        var settled = new List<ReservedRange>();
        foreach (ReservedRange range in unmapped.Concat(mapped))
        {
            settled.AddRange(BankList.Intersect(banks, range.Range).Select(part => range with { Range = part }));
        }

        NoteOutside(reserved, banks, notes);
        return [.. settled.OrderBy(range => range.Range)];
    }

    private static List<ReservedRange> Merge(IEnumerable<ReservedRange> ranges)
    {
        var merged = new List<ReservedRange>();
        foreach (ReservedRange range in ranges.OrderBy(range => range.Range))
        {
            if (merged.Count == 0 || !merged[^1].Range.Overlaps(range.Range))
            {
                merged.Add(range);
                continue;
            }

            PhysicalRange first = merged[^1].Range;
            ulong end = Math.Max(first.End, range.Range.End);
            merged[^1] = merged[^1] with { Range = first with { Bytes = end - first.Start.Value } };
        }

        return merged;
    }

    private static List<ReservedRange> Without(List<ReservedRange> ranges, List<ReservedRange> taken)
    {
        var rest = new List<ReservedRange>();
        foreach (ReservedRange range in ranges)
        {
            ulong start = range.Range.Start.Value;
            foreach (PhysicalRange hole in taken.Select(other => other.Range).Where(hole => hole.Overlaps(range.Range)))
            {
                AddPiece(rest, range, start, hole.Start.Value);
                start = hole.End;
            }

            AddPiece(rest, range, start, range.Range.End);
        }

        return rest;
    }

    private static void AddPiece(List<ReservedRange> pieces, ReservedRange range, ulong start, ulong end)
    {
        if (start < end)
        {
            pieces.Add(range with { Range = new PhysicalRange(new PhysicalAddress(start), end - start) });
        }
    }

    private static void NoteOutside(
        IReadOnlyList<ReservedRange> reserved, IReadOnlyList<MemoryBank> banks, List<string> notes)
    {
        List<string> outside = [.. reserved
            .Where(range => !BankList.Intersect(banks, range.Range).Any())
            .Select(range => range.Name)];
        if (outside.Count > 0)
        {
            string more = outside.Count > NamesInANote ? $" and {outside.Count - NamesInANote} more" : "";
            notes.Add($"reserved outside RAM and ignored: {string.Join(", ", outside.Take(NamesInANote))}{more}");
        }
    }
}
