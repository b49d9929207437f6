using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>Operations on banks that are sorted and do not overlap.</summary>
internal static class BankList
{
    /// <summary>Sorts; joins banks of one node that touch or overlap, as memblock does.</summary>
    public static IReadOnlyList<MemoryBank> Join(IEnumerable<MemoryBank> banks, string file, List<string> notes)
    {
        var joined = new List<MemoryBank>();
        foreach (MemoryBank bank in banks.OrderBy(bank => bank.Range))
        {
            if (joined.Count == 0 || joined[^1].Range.End < bank.Range.Start.Value)
            {
                joined.Add(bank);
                continue;
            }

            MemoryBank last = joined[^1];
            bool overlaps = last.Range.Overlaps(bank.Range);
            if (overlaps && last.Node != bank.Node)
            {
                throw new InputException(
                    $"{file}: memory {last.Range} of node {last.Node} overlaps {bank.Range} of node {bank.Node}; "
                    + "give each byte to one NUMA node");
            }

            if (overlaps)
            {
                notes.Add($"memory {bank.Range} overlaps {last.Range}; they were merged");
            }

            if (last.Node == bank.Node)
            {
                ulong end = Math.Max(last.Range.End, bank.Range.End);
                joined[^1] = last with { Range = last.Range with { Bytes = end - last.Range.Start.Value } };
            }
            else
            {
                joined.Add(bank);
            }
        }

        return joined;
    }

    /// <summary>Is the range wholly RAM of one node?</summary>
    public static bool HasInOneNode(IReadOnlyList<MemoryBank> banks, PhysicalRange range) =>
        banks.Any(bank => bank.Range.Contains(range));

    /// <summary>The parts of a range that are RAM.</summary>
    public static IEnumerable<PhysicalRange> Intersect(IReadOnlyList<MemoryBank> banks, PhysicalRange range)
    {
        foreach (MemoryBank bank in banks)
        {
            ulong start = Math.Max(bank.Range.Start.Value, range.Start.Value);
            ulong end = Math.Min(bank.Range.End, range.End);
            if (start < end)
            {
                yield return new PhysicalRange(new PhysicalAddress(start), end - start);
            }
        }
    }
}
