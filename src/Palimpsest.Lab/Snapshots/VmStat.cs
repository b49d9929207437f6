using System.Globalization;

namespace Palimpsest.Lab.Snapshots;

/// <summary>Reads /proc/vmstat (mm/vmstat.c, 6.1).</summary>
public static class VmStat
{
    private const long MostPages = long.MaxValue / 16;

    /// <summary>
    /// Pages allocated since boot, all zones together: the sum of the pgalloc counters, which rise where mm_page_alloc is
    /// traced, and in the bulk allocator, which is not. Null where the file has none.
    /// </summary>
    public static long? PagesAllocated(IEnumerable<string> lines)
    {
        long? pages = null;
        foreach (string line in lines)
        {
            if (line.StartsWith("pgalloc_", StringComparison.Ordinal)
                && line.Split(' ') is [_, var value]
                && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                && count < MostPages)
            {
                pages = Math.Min((pages ?? 0) + count, MostPages);
            }
        }

        return pages;
    }
}
