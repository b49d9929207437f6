using System.Numerics;
using Palimpsest.Exploration.Runs;

namespace Palimpsest.Exploration.Strategies;

/// <summary>
/// PCT: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding
/// bugs", ASPLOS 2010. Actors have random priorities and the first that can goes on; at depth - 1 random steps whoever is
/// about to go falls behind all others. A bug that needs the order of <c>depth</c> steps is found in a run with a chance
/// of at least 1 / (actors * steps^(depth - 1)).
/// </summary>
/// <remarks>Departs from the paper: the number of steps is that of the longest run so far, not given beforehand.</remarks>
public sealed class PriorityChanges(ulong seed, int depth) : Strategy
{
    private const int FirstGuess = 32;

    private readonly int[] _changes = new int[Math.Max(depth - 1, 0)];
    private int[] _priorities = [];
    private Chance _chance;
    private long _runs;
    private int _changed;
    private int _longest;

    /// <inheritdoc/>
    public override string Name => $"PCT of depth {depth}, seed {seed}";

    /// <inheritdoc/>
    public override ulong Seed => seed;

    internal override bool Begin(Execution run)
    {
        _chance = Chance.ForRun(seed, _runs++);
        if (_priorities.Length == 0)
        {
            _priorities = new int[run.End + 1];
        }

        for (int actor = 0; actor < _priorities.Length; actor++)
        {
            int place = _chance.Below(actor + 1);
            _priorities[actor] = _priorities[place];
            _priorities[place] = depth + actor;
        }

        for (int change = 0; change < _changes.Length; change++)
        {
            _changes[change] = _chance.Below(_longest == 0 ? FirstGuess : _longest);
        }

        Array.Sort(_changes);
        _changed = 0;
        return true;
    }

    internal override int Pick(Execution run, ulong enabled)
    {
        int first = First(enabled);
        while (_changed < _changes.Length && _changes[_changed] <= run.Steps)
        {
            _priorities[first] = depth - 1 - _changed++;
            first = First(enabled);
        }

        return first;
    }

    internal override int PickValue(Execution run, int count) => _chance.Below(count);

    internal override void Ended(Execution run) => _longest = Math.Max(_longest, run.Steps);

    private int First(ulong enabled)
    {
        int first = BitOperations.TrailingZeroCount(enabled);
        for (ulong rest = enabled & (enabled - 1); rest != 0; rest &= rest - 1)
        {
            int actor = BitOperations.TrailingZeroCount(rest);
            first = _priorities[actor] > _priorities[first] ? actor : first;
        }

        return first;
    }
}
