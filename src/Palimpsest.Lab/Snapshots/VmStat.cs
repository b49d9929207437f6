using System.Globalization;

namespace Palimpsest.Lab.Snapshots;

/// <summary>What /proc/vmstat counts since boot (mm/vmstat.c, 6.1).</summary>
/// <param name="PagesAllocated">
/// All zones together: the sum of the pgalloc counters, which rise where mm_page_alloc is traced, and in the bulk allocator,
/// which is not. Null where the file has none, as what follows.
/// </param>
/// <param name="FreePages">Free now: nr_free_pages.</param>
/// <param name="Stalls">Allocations that reclaimed for themselves: allocstall of all zones.</param>
/// <param name="KswapdRuns">Times that kswapd reclaimed until a node was balanced: pageoutrun.</param>
/// <param name="SwapOuts">Pages: pswpout.</param>
public sealed record VmStat(long? PagesAllocated, long? FreePages, long? Stalls, long? KswapdRuns, long? SwapOuts)
{
    private const long MostCounted = long.MaxValue / 16;

    /// <summary>Reads copies of the file; lines that are no name and number are left out.</summary>
    public static VmStat Read(IEnumerable<string> lines)
    {
        Dictionary<string, long> counts = [];
        foreach (string line in lines)
        {
            if (line.Split(' ') is [var name, var value]
                && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                && count < MostCounted)
            {
                string key = Total(name);
                counts[key] = Math.Min(counts.GetValueOrDefault(key) + count, MostCounted);
            }
        }

        return new VmStat(Of("pgalloc"), Of("nr_free_pages"), Of("allocstall"), Of("pageoutrun"), Of("pswpout"));

        long? Of(string name) => counts.TryGetValue(name, out long count) ? count : null;
    }

    private static string Total(string name) =>
        name.StartsWith("pgalloc_", StringComparison.Ordinal) ? "pgalloc"
            : name.StartsWith("allocstall_", StringComparison.Ordinal) ? "allocstall"
            : name;
}
