using System.Globalization;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>Reads /proc/iomem (kernel/resource.c, arch/arm64/kernel/setup.c, 6.1).</summary>
public static class IoMem
{
    /// <summary>
    /// Memory that the kernel had set aside when it took over from memblock, likeliest first to be set aside still: its
    /// image, then what was reserved from the top down, as memblock allocates; initial data that is given back after boot
    /// lies below. Empty for a copy made without root, which reads zeros.
    /// </summary>
    public static IReadOnlyList<PhysicalRange> SetAside(IEnumerable<string> lines)
    {
        List<PhysicalRange> image = [];
        List<PhysicalRange> reserved = [];
        foreach (string line in lines)
        {
            string[] words = line.Split([' ', '-'], 4, StringSplitOptions.RemoveEmptyEntries);
            if (words is not [var first, var last, ":", "Kernel code" or "Kernel data" or "reserved"]
                || !ulong.TryParse(first, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong start)
                || !ulong.TryParse(last, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong end)
                || end <= start)
            {
                continue;
            }

            (words[3] == "reserved" ? reserved : image).Add(new PhysicalRange(new PhysicalAddress(start), end - start + 1));
        }

        reserved.Reverse();
        return [.. image, .. reserved];
    }
}
