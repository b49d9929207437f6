using System.Globalization;

namespace Palimpsest.Lab.Snapshots;

/// <summary>One zone of /proc/zoneinfo, in frames.</summary>
public sealed record ZoneInfoEntry
{
    /// <summary>Number of its NUMA node.</summary>
    public required int Node { get; init; }

    /// <summary>DMA, DMA32, Normal, Movable, as the file writes it.</summary>
    public required string Zone { get; init; }

    /// <summary>nr_free_pages.</summary>
    public long Free { get; set; }

    /// <summary>Watermark below which only the kernel's own needs are met.</summary>
    public long Min { get; set; }

    /// <summary>Watermark below which kswapd is woken.</summary>
    public long Low { get; set; }

    /// <summary>Watermark up to which kswapd reclaims.</summary>
    public long High { get; set; }

    /// <summary>Frames from its first to its last, with the holes in between.</summary>
    public long Spanned { get; set; }

    /// <summary>Frames that there are, reserved or not.</summary>
    public long Present { get; set; }

    /// <summary>Frames that the page allocator was given.</summary>
    public long Managed { get; set; }

    /// <summary>Frames of CMA areas; null where the kernel does not count them (before 5.12, or without CMA).</summary>
    public long? Cma { get; set; }

    /// <summary>First frame of the zone; null where the file does not tell.</summary>
    public long? StartPfn { get; set; }

    /// <summary>nr_free_cma; 0 where the kernel does not count them.</summary>
    public long FreeCma { get; set; }

    /// <summary>Frames on the per-CPU lists, by CPU.</summary>
    public List<long> PerCpuCounts { get; } = [];

    /// <summary>Limits of these lists, by CPU, which 6.12 moves.</summary>
    public List<long> PerCpuHighs { get; } = [];
}

/// <summary>Reads /proc/zoneinfo (mm/vmstat.c, 6.1).</summary>
public static class ZoneInfo
{
    private const int MostZones = 4096;
    private const int MostCpus = 4096;

    /// <exception cref="Vocabulary.InputException">No zone is described, or there are more zones or CPUs than a kernel has.</exception>
    public static IReadOnlyList<ZoneInfoEntry> Parse(IEnumerable<string> lines, string name)
    {
        List<ZoneInfoEntry> zones = [];
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["Node", var node, "zone", var zone])
            {
                zones.Add(new ZoneInfoEntry { Node = Number(node.TrimEnd(',')), Zone = zone });
            }
            else if (zones.Count > 0)
            {
                Read(zones[^1], words);
            }

            if (zones.Count > MostZones
                || (zones.Count > 0 && Math.Max(zones[^1].PerCpuCounts.Count, zones[^1].PerCpuHighs.Count) > MostCpus))
            {
                throw new Vocabulary.InputException(
                    $"{name}: more than {MostZones} zones, or than {MostCpus} CPUs; give a copy of /proc/zoneinfo");
            }
        }

        return zones.Count > 0 ? zones : throw new Vocabulary.InputException($"{name}: describes no zone; give a copy of /proc/zoneinfo");
    }

    private static void Read(ZoneInfoEntry zone, string[] words)
    {
        switch (words)
        {
            case ["pages", "free", var value]:
                zone.Free = Number(value);
                break;
            case ["min", var value]:
                zone.Min = Number(value);
                break;
            case ["low", var value]:
                zone.Low = Number(value);
                break;
            case ["high", var value]:
                zone.High = Number(value);
                break;
            case ["spanned", var value]:
                zone.Spanned = Pfn(value);
                break;
            case ["present", var value]:
                zone.Present = Number(value);
                break;
            case ["managed", var value]:
                zone.Managed = Number(value);
                break;
            case ["cma", var value]:
                zone.Cma = Number(value);
                break;
            case ["start_pfn:", var value]:
                zone.StartPfn = Pfn(value);
                break;
            case ["nr_free_cma", var value]:
                zone.FreeCma = Number(value);
                break;
            case ["count:", var value]:
                zone.PerCpuCounts.Add(Number(value));
                break;
            case ["high:", var value]:
                zone.PerCpuHighs.Add(Number(value));
                break;
        }
    }

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    // Memory may lie where a number of 31 bits does not reach.
    private static long Pfn(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) && number <= Vocabulary.Pfn.MaxValue
            ? (long)number
            : 0;
}
