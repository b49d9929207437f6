using System.Numerics;
using Palimpsest.Exploration.Runs;

namespace Palimpsest.Exploration.Strategies;

/// <summary>At each step any of those who can go on, with equal chance.</summary>
public sealed class RandomWalk(ulong seed) : Strategy
{
    private Chance _chance;
    private long _runs;

    /// <inheritdoc/>
    public override string Name => $"random walk, seed {seed}";

    /// <inheritdoc/>
    public override ulong Seed => seed;

    internal override bool Begin(Execution run)
    {
        _chance = Chance.ForRun(seed, _runs++);
        return true;
    }

    internal override int Pick(Execution run, ulong enabled) =>
        (enabled & (enabled - 1)) == 0 ? BitOperations.TrailingZeroCount(enabled) : _chance.BitOf(enabled);

    internal override int PickValue(Execution run, int count) => _chance.Below(count);
}
