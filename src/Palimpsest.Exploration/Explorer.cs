using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Exploration.Strategies;

namespace Palimpsest.Exploration;

/// <summary>Runs a scenario under chosen interleavings, all on the caller's stack. Not for use by two callers at once.</summary>
public sealed class Explorer(Scenario scenario)
{
    private readonly Execution _run = new(scenario);

    /// <summary>Runs schedules until one fails, the strategy has no more, the limit is reached or the caller has had enough.</summary>
    public SearchResult Search(Strategy strategy, SearchLimits? limits = null, CancellationToken enough = default) =>
        Search(strategy, limits, progress: null, enough);

    /// <inheritdoc cref="Search(Strategy, SearchLimits?, CancellationToken)"/>
    /// <param name="progress">Told how many runs there were, after each; null for nobody.</param>
    public SearchResult Search(Strategy strategy, SearchLimits? limits, Action<long>? progress, CancellationToken enough)
    {
        limits ??= new SearchLimits();
        using PlainContext context = PlainContext.Enter();
        Tally tally = new();
        Finding? finding = null;
        while (finding is null && tally.Runs < limits.Schedules && !enough.IsCancellationRequested && strategy.Begin(_run))
        {
            RunEnd end = _run.Run(strategy);
            strategy.Ended(_run);
            tally.Add(_run, end);
            progress?.Invoke(tally.Runs);
            if (end == RunEnd.Failed)
            {
                finding = new Shrinking(_run, limits.Shrinking, enough).Shorten(strategy.Seed);
            }
        }

        return new SearchResult(
            scenario.Name, strategy.Name, tally.Runs - tally.Cut, tally.Cut, tally.Steps, tally.Longest,
            strategy.IsExhausted, strategy.PreemptionBound, finding is null ? 0 : tally.Runs, finding);
    }

    /// <summary>Runs a schedule again and writes the run down.</summary>
    public Repeat Replay(Schedule schedule)
    {
        using PlainContext context = PlainContext.Enter();
        Replaying replaying = new(schedule);
        RunRecord record = _run.Record(replaying);
        return new Repeat(record, replaying.Divergence);
    }

    private sealed class Tally
    {
        public long Runs { get; private set; }

        public long Cut { get; private set; }

        public long Steps { get; private set; }

        public int Longest { get; private set; }

        public void Add(Execution run, RunEnd end)
        {
            Runs++;
            Cut += end == RunEnd.Cut ? 1 : 0;
            Steps += run.Steps;
            Longest = Math.Max(Longest, run.Steps);
        }
    }
}
