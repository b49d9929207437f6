using System.Globalization;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>Reads /proc/iomem (kernel/resource.c, arch/arm64/kernel/setup.c, 6.1).</summary>
public static class IoMem
{
    /// <summary>More pieces of RAM than a machine has.</summary>
    private const int MostBanks = 64;

    /// <summary>RAM as the kernel saw it, in whole pages, in ascending order; empty for a copy made without root.</summary>
    /// <exception cref="InputException">The ranges overlap, or are more than a machine has.</exception>
    public static IReadOnlyList<PhysicalRange> Ram(IEnumerable<string> lines, PageGeometry geometry, string name)
    {
        List<PhysicalRange> banks = [];
        ulong page = (ulong)geometry.PageBytes;
        foreach ((ulong start, ulong end, _) in Entries(lines).Where(entry => entry.What == "System RAM"))
        {
            ulong first = (start + page - 1) / page * page;
            ulong bytes = (Math.Max(end + 1, first) - first) / page * page;
            if (banks.Count == MostBanks || (banks.Count > 0 && banks[^1].End > first) || first >= 1UL << 52 || bytes > 1UL << 50)
            {
                throw new InputException($"{name}: System RAM at 0x{start:x} overlaps what comes before it, or is more than a machine "
                    + "has; copy /proc/iomem again");
            }

            if (bytes > 0)
            {
                banks.Add(new PhysicalRange(new PhysicalAddress(first), bytes));
            }
        }

        return banks;
    }

    /// <summary>
    /// Memory that the kernel had set aside when it took over from memblock, likeliest first to be set aside still: its
    /// image, then what was reserved from the top down, as memblock allocates; initial data that is given back after boot
    /// lies below. Empty for a copy made without root, which reads zeros.
    /// </summary>
    public static IReadOnlyList<PhysicalRange> SetAside(IEnumerable<string> lines)
    {
        List<PhysicalRange> image = [];
        List<PhysicalRange> reserved = [];
        foreach ((ulong start, ulong end, string what) in Entries(lines))
        {
            if (what is "Kernel code" or "Kernel data" or "reserved")
            {
                (what == "reserved" ? reserved : image).Add(new PhysicalRange(new PhysicalAddress(start), end - start + 1));
            }
        }

        reserved.Reverse();
        return [.. image, .. reserved];
    }

    // "40000000-bfffffff : System RAM", what lies in a range below it and indented.
    private static IEnumerable<(ulong Start, ulong End, string What)> Entries(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            string[] words = line.Split([' ', '-'], 4, StringSplitOptions.RemoveEmptyEntries);
            if (words is [var first, var last, ":", var what]
                && ulong.TryParse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
                && ulong.TryParse(last, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong end)
                && end > start && end < ulong.MaxValue)
            {
                yield return (start, end, what);
            }
        }
    }
}
