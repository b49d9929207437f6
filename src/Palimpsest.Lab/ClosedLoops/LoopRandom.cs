using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.ClosedLoops;

/// <summary>Numbers that look random and are the same in every run.</summary>
public sealed class LoopRandom
{
    private readonly ulong _seed;
    private ulong _state;

    /// <summary>The same seed gives the same numbers on every machine.</summary>
    public LoopRandom(ulong seed) => _seed = _state = seed;

    /// <summary>
    /// Each step has numbers of its own: what happened in one, a kill or a restart, does not change what is asked in the next,
    /// so that designs meet the same workload.
    /// </summary>
    public void BeginStep(int number) => _state = SplitMix.Mix(_seed ^ SplitMix.Mix((ulong)number + 1));

    /// <summary>64 bits, each as likely 0 as 1.</summary>
    public ulong Next()
    {
        _state += SplitMix.Gamma;
        return SplitMix.Mix(_state);
    }

    /// <summary>From 0 up to, not including, a bound.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>True with this probability, 0 to 1.</summary>
    public bool Chance(double share) => Next() >> 11 < share * (1UL << 53);

    /// <summary>
    /// From 0 up to, not including, a bound; low numbers are more likely, as the pages of a working set are (density falling
    /// with the square root).
    /// </summary>
    public int Skewed(int bound)
    {
        double unit = (Next() >> 11) / (double)(1UL << 53);
        return Math.Min(bound - 1, (int)(bound * unit * unit));
    }
}
