using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>Which movable pages cannot be migrated.</summary>
/// <param name="share">Of all, 0 to 1.</param>
internal sealed class ChosenPins(double share)
{
    /// <summary>The same pages for every design: a hash of the page's name and how many came before it.</summary>
    public bool Has(int name, GfpFlags gfp, long allocations)
    {
        if (share <= 0 || (gfp & GfpFlags.Movable) == 0)
        {
            return false;
        }

        ulong hash = ((ulong)name << 32 ^ (ulong)allocations) * 0x9E3779B97F4A7C15;
        hash ^= hash >> 29;
        hash *= 0xBF58476D1CE4E5B9;
        return (hash >> 11) * (1.0 / (1UL << 53)) < share;
    }
}
