using Palimpsest.Exploration.Schedules;
using Palimpsest.Exploration.Strategies;

namespace Palimpsest.Exploration.Runs;

/// <summary>
/// Makes a failing schedule shorter: fewest preemptions first, for each is something that a reader has to understand, then
/// fewest steps. First by leaving turns out and swapping them, then by a depth-first search below what was reached.
/// </summary>
internal sealed class Shrinking(Execution run, long most, CancellationToken enough)
{
    private long _runs;
    private int[] _choices = [];
    private Failure _failure = null!;
    private int _preemptions;
    private int _steps;

    private bool IsOver => _runs >= most || enough.IsCancellationRequested;

    /// <summary>Starts from the run that has just failed.</summary>
    public Finding Shorten(ulong seed)
    {
        _failure = run.Failure!;
        Keep();
        Schedule first = run.ScheduleOf(_choices, seed);
        while (!IsOver && LeaveOut())
        {
        }

        bool isShortest = SearchBelow();
        Replaying replaying = new(run.ScheduleOf(_choices, seed));
        RunRecord shortest = run.Record(replaying);
        return _failure.IsLike(shortest.Failure) && replaying.Divergence is null
            ? new Finding(first, shortest, isShortest)
            : throw new InvalidOperationException($"{run.Scenario.Name} is not the same in each run: {shortest.Schedule} failed with "
                + $"{_failure}, and now {replaying.Divergence ?? "does not"}");
    }

    private void Keep()
    {
        _choices = [.. run.Choices];
        _preemptions = run.Preemptions;
        _steps = run.Steps;
    }

    /// <summary>One pass over the turns; true when it found something shorter.</summary>
    private bool LeaveOut()
    {
        int[][] turns = Turns(_choices);
        for (int at = 0; at < turns.Length; at++)
        {
            int[][] without = [.. turns[..at], .. turns[(at + 1)..]];
            int[][] swapped = at + 1 < turns.Length ? [.. turns[..at], turns[at + 1], turns[at], .. turns[(at + 2)..]] : without;
            if (IsShorter(turns[..at]) || IsShorter(without) || IsShorter(swapped))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsShorter(int[][] turns)
    {
        Following following = new([.. turns.SelectMany(turn => turn)]);
        return !IsOver && following.Begin(run) && Fails(following) && run.Preemptions * 1_000_000L + run.Steps < _preemptions * 1_000_000L
            + _steps && Found();
    }

    /// <summary>
    /// Looks at all runs with fewer preemptions, then at all shorter ones with as many; true when there was room for all.
    /// </summary>
    private bool SearchBelow()
    {
        for (int bound = 0; bound < _preemptions; bound++)
        {
            Hunt(new DepthFirst(bound), isAnyShorter: false);
        }

        if (_failure.Kind != FailureKind.Livelock)
        {
            Hunt(new DepthFirst(_preemptions), isAnyShorter: true);
        }

        return !IsOver;
    }

    private void Hunt(DepthFirst search, bool isAnyShorter)
    {
        search.MostSteps = isAnyShorter ? _steps - 1 : int.MaxValue;
        while (!IsOver && search.Begin(run))
        {
            bool fails = Fails(search);
            search.Ended(run);
            if (fails && Found())
            {
                if (!isAnyShorter)
                {
                    return;
                }

                search.MostSteps = _steps - 1;
            }
        }
    }

    private bool Fails(Strategy strategy)
    {
        _runs++;
        return run.Run(strategy) == RunEnd.Failed && _failure.IsLike(run.Failure);
    }

    private bool Found()
    {
        Keep();
        return true;
    }

    /// <summary>Runs of choices of one actor, with the values that it drew.</summary>
    private static int[][] Turns(int[] choices)
    {
        List<int[]> turns = [];
        int start = 0;
        int last = -1;
        for (int at = 0; at < choices.Length; at++)
        {
            if (choices[at] >= 0 && at > 0 && choices[at] != last)
            {
                turns.Add(choices[start..at]);
                start = at;
            }

            last = choices[at] >= 0 ? choices[at] : last;
        }

        turns.Add(choices[start..]);
        return [.. turns];
    }
}
