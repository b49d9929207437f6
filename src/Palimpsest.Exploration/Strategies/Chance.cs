using System.Numerics;
using Palimpsest.Exploration.Scenarios;

namespace Palimpsest.Exploration.Strategies;

/// <summary>Pseudo-random numbers from a seed, the same on every machine (SplitMix64).</summary>
internal struct Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Independent numbers for one run of a search.</summary>
    public static Chance ForRun(ulong seed, long run) => new(StateHash.Add(seed, (ulong)run));

    public int Below(int count)
    {
        _state += StateHash.Empty;
        return (int)Math.BigMul(StateHash.Add(0, _state), (ulong)count, out _);
    }

    /// <summary>One of the bits set.</summary>
    public int BitOf(ulong set)
    {
        for (int skip = Below(BitOperations.PopCount(set)); skip > 0; skip--)
        {
            set &= set - 1;
        }

        return BitOperations.TrailingZeroCount(set);
    }
}
