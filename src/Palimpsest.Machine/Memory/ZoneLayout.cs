using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Memory;

/// <summary>Divides DRAM into zones as arm64 does at boot (arch/arm64/mm/init.c, 6.1: max_zone_phys, zone_sizes_init).</summary>
internal static class ZoneLayout
{
    private const int Dma32AddressBits = 32;

    /// <summary>The zones that are not empty, in ascending order; together they span DRAM, holes included.</summary>
    /// <param name="dmaAddressBits">Address bits of the least capable bus, 32 where no bus is limited.</param>
    public static IReadOnlyList<ZoneSpan> For(IReadOnlyList<MemoryBank> banks, int dmaAddressBits)
    {
        if (banks.Count == 0)
        {
            return [];
        }

        ulong start = banks[0].Range.Start.Value;
        ulong dma = Limit(banks, dmaAddressBits);
        ulong dma32 = Math.Max(dma, Limit(banks, Dma32AddressBits));
        (ZoneKind Kind, ulong End)[] ends =
            [(ZoneKind.Dma, dma), (ZoneKind.Dma32, dma32), (ZoneKind.Normal, banks[^1].Range.End)];

        var zones = new List<ZoneSpan>();
        foreach ((ZoneKind kind, ulong end) in ends)
        {
            if (start < end)
            {
                zones.Add(new ZoneSpan(kind, new PhysicalRange(new PhysicalAddress(start), end - start)));
                start = end;
            }
        }

        return zones;
    }

    /// <summary>First address that a device of so many address bits cannot reach.</summary>
    public static ulong Limit(IReadOnlyList<MemoryBank> banks, int addressBits)
    {
        ulong start = banks[0].Range.Start.Value;
        ulong last = (1UL << addressBits) - 1;

        // A machine whose DRAM begins above the limit has no such device, or translates its addresses.
        if (start > uint.MaxValue)
        {
            last = ulong.MaxValue;
        }
        else if (start > last)
        {
            last = uint.MaxValue;
        }

        return Math.Min(last, banks[^1].Range.End - 1) + 1;
    }
}
