using System.Numerics;
using Palimpsest.Exploration.Runs;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Strategies;

/// <summary>
/// Dynamic partial-order reduction: Flanagan, Godefroid, POPL 2005. Where a step that somebody is about to take depends
/// on an earlier one of somebody else that did not have to come first, the search has to come back to that earlier
/// choice; elsewhere the order tells nothing new. Order is kept as vector clocks.
/// </summary>
internal sealed class Races
{
    private readonly int _actors;
    private readonly int[] _last;
    private readonly int[] _first;
    private readonly int[] _next;
    private TakenStep[] _taken = new TakenStep[64];
    private int[] _clocks;
    private int _steps;

    public Races(Execution run)
    {
        _actors = run.End;
        _last = new int[_actors];
        _first = new int[_actors];
        _next = new int[_actors];
        _clocks = new int[_taken.Length * _actors];
    }

    /// <summary>Those of <paramref name="asleep"/> whose next step can change places with the one that is picked.</summary>
    public static ulong Asleep(Execution run, ulong asleep, int picked)
    {
        if (picked == run.End)
        {
            return 0;
        }

        asleep &= run.Live;
        for (ulong rest = asleep; rest != 0; rest &= rest - 1)
        {
            int actor = BitOperations.TrailingZeroCount(rest);
            if (new TakenStep(run, picked, node: 0).DependsOn(run, actor))
            {
                asleep &= ~(1UL << actor);
            }
        }

        return asleep;
    }

    /// <summary>Keeps the step that is about to be taken.</summary>
    /// <param name="node">Index of the choice.</param>
    /// <param name="isKnown">The run before this one took it too, so its clock stands.</param>
    public void Took(Execution run, int actor, int node, bool isKnown)
    {
        if (actor == run.End)
        {
            return;
        }

        if (run.Steps == 0)
        {
            _last.AsSpan().Fill(-1);
        }

        _steps = run.Steps + 1;
        Grow();
        _taken[run.Steps] = new TakenStep(run, actor, node);
        if (!isKnown)
        {
            SetClock(run, actor);
        }

        _last[actor] = run.Steps;
    }

    /// <summary>Marks the earlier choices that steps about to be taken race with.</summary>
    public void Find(Execution run, DepthFirst.Node[] nodes)
    {
        if (run.Steps == 0)
        {
            return;
        }

        for (ulong rest = run.Live; rest != 0; rest &= rest - 1)
        {
            int actor = BitOperations.TrailingZeroCount(rest);
            _next.AsSpan().Clear();
            JoinLast(actor);
            Find(run, nodes, actor);
        }

        if (run.MayEnd)
        {
            FindEnd(run, nodes);
        }
    }

    /// <summary>The end of a run comes after all steps of those who have to finish, and races with the others'.</summary>
    private void FindEnd(Execution run, DepthFirst.Node[] nodes)
    {
        _next.AsSpan().Clear();
        for (int actor = 0; actor < _actors; actor++)
        {
            if (run.Actor(actor).Kind != ActorKind.Hardware)
            {
                JoinLast(actor);
            }
        }

        Find(run, nodes, run.End);
    }

    /// <summary>Races of a next step: with steps that it depends on directly, and not through others.</summary>
    private void Find(Execution run, DepthFirst.Node[] nodes, int actor)
    {
        for (int step = run.Steps - 1; step >= 0; step--)
        {
            if (_next[_taken[step].Actor] > step || (actor != run.End && !_taken[step].DependsOn(run, actor)))
            {
                continue;
            }

            ref DepthFirst.Node node = ref nodes[_taken[step].Node];
            ulong initials = Initials(run.Steps, step, actor) & node.Enabled;
            if (initials == 0)
            {
                node.Todo |= node.Enabled;
            }
            else if ((initials & node.Todo) == 0)
            {
                ulong awake = initials & ~node.Sleep;
                node.Todo |= 1UL << BitOperations.TrailingZeroCount(awake != 0 ? awake : initials);
            }

            Join(_next, Clock(step));
        }
    }

    private void JoinLast(int actor)
    {
        if (_last[actor] >= 0)
        {
            Join(_next, Clock(_last[actor]));
        }
    }

    /// <summary>
    /// Who can begin the run in which <paramref name="actor"/> goes before <paramref name="raced"/>: whoever took the first
    /// of the steps after that one that did not need it, and that need none of each other (Abdulla, Aronsson, Jonsson,
    /// Sagonas, POPL 2014: to add one of these keeps the search right beside sleep sets, where to add the actor does not).
    /// </summary>
    private ulong Initials(int steps, int raced, int actor)
    {
        ulong seen = 0;
        ulong initials = 0;
        int of = _taken[raced].Actor;
        for (int step = raced + 1; step < steps; step++)
        {
            ulong bit = 1UL << _taken[step].Actor;
            if (Clock(step)[of] > raced || (seen & bit) != 0)
            {
                continue;
            }

            initials |= NeedsOne(Clock(step), seen) ? 0 : bit;
            seen |= bit;
            _first[_taken[step].Actor] = step;
        }

        return (seen >> actor & 1) == 0 && !NeedsOne(_next, seen) ? initials | 1UL << actor : initials;
    }

    private bool NeedsOne(ReadOnlySpan<int> clock, ulong seen)
    {
        for (; seen != 0; seen &= seen - 1)
        {
            int other = BitOperations.TrailingZeroCount(seen);
            if (clock[other] > _first[other])
            {
                return true;
            }
        }

        return false;
    }

    private static void Join(Span<int> clock, ReadOnlySpan<int> other)
    {
        for (int index = 0; index < clock.Length; index++)
        {
            clock[index] = Math.Max(clock[index], other[index]);
        }
    }

    private Span<int> Clock(int step) => _clocks.AsSpan(step * _actors, _actors);

    /// <summary>Entry by actor: one more than the last of its steps that had to come before this one, or is it.</summary>
    private void SetClock(Execution run, int actor)
    {
        Span<int> clock = Clock(run.Steps);
        clock.Clear();
        for (int step = 0; step < run.Steps; step++)
        {
            if (_taken[step].Actor == actor || _taken[step].DependsOn(run, actor))
            {
                Join(clock, Clock(step));
            }
        }

        clock[actor] = run.Steps + 1;
    }

    private void Grow()
    {
        if (_steps > _taken.Length)
        {
            Array.Resize(ref _taken, 2 * _taken.Length);
            Array.Resize(ref _clocks, _taken.Length * _actors);
        }
    }
}
