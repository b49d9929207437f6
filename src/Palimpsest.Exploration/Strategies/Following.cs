using System.Numerics;
using Palimpsest.Exploration.Runs;

namespace Palimpsest.Exploration.Strategies;

/// <summary>Follows a list of turns as far as it goes: who cannot go is passed over, and at its end nobody is preempted.</summary>
/// <param name="turns">Actors, and values as their complement.</param>
internal sealed class Following(IReadOnlyList<int> turns) : Strategy
{
    private int _at;

    public override string Name => "follow";

    internal override bool Begin(Execution run)
    {
        _at = 0;
        return true;
    }

    internal override int Pick(Execution run, ulong enabled)
    {
        while (_at < turns.Count)
        {
            int turn = turns[_at++];
            if (turn >= 0 && (enabled >> turn & 1) != 0)
            {
                return turn;
            }
        }

        if ((enabled >> run.End & 1) != 0)
        {
            return run.End;
        }

        return run.Previous >= 0 && (enabled >> run.Previous & 1) != 0 ? run.Previous : BitOperations.TrailingZeroCount(enabled);
    }

    internal override int PickValue(Execution run, int count) =>
        _at < turns.Count && turns[_at] < 0 && ~turns[_at] < count ? ~turns[_at++] : 0;
}
