using System.Globalization;
using System.Text.RegularExpressions;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Snapshots;

/// <summary>What a kernel log says of memory that no device tree does: where CMA areas were placed.</summary>
public static partial class KernelLog
{
    // CONFIG_CMA_AREAS is 7 or 19; physical addresses have at most 52 bits.
    private const int MostPools = 64;
    private const ulong AddressEnd = 1UL << 52;

    /// <summary>Areas from "cma: Reserved 64 MiB at 0x…" and "created CMA memory pool at 0x…, size 16 MiB".</summary>
    public static IReadOnlyList<CmaPool> CmaPools(IEnumerable<string> lines)
    {
        List<CmaPool> pools = [];
        foreach (string line in lines)
        {
            Match match = Reserved().Match(line) is { Success: true } reserved ? reserved : Created().Match(line);
            if (!match.Success
                || !ulong.TryParse(match.Groups["size"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ulong mebibytes)
                || !ulong.TryParse(match.Groups["at"].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong at)
                || mebibytes is 0 or > 1 << 20 || at >= AddressEnd || pools.Count == MostPools)
            {
                continue;
            }

            CmaPool pool = new(new PhysicalRange(new PhysicalAddress(at), mebibytes << 20), IsDynamic: false, "cma of the kernel log");
            if (!pools.Any(other => other.Range.Overlaps(pool.Range)))
            {
                pools.Add(pool);
            }
        }

        return pools;
    }

    [GeneratedRegex(@"cma: Reserved (?<size>\d{1,7}) MiB at 0x(?<at>[0-9a-f]{1,16})")]
    private static partial Regex Reserved();

    [GeneratedRegex(@"created CMA memory pool at 0x(?<at>[0-9a-f]{1,16}), size (?<size>\d{1,7}) MiB")]
    private static partial Regex Created();
}
