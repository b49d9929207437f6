using System.Numerics;
using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Strategies;

/// <summary>Repeats a schedule, and stops where the run does not follow it.</summary>
internal sealed class Replaying(Schedule schedule) : Strategy
{
    private int _at;

    public override string Name => "replay";

    public override ulong Seed => schedule.Seed;

    /// <summary>How the run differs from the schedule; null when it does not.</summary>
    public string? Divergence { get; private set; }

    internal override bool Begin(Execution run)
    {
        _at = 0;
        Divergence = run.Scenario.Name == schedule.Scenario ? null : $"the schedule is of {schedule.Scenario}, this is {run.Scenario.Name}";
        return true;
    }

    internal override int Pick(Execution run, ulong enabled)
    {
        if (Divergence is not null)
        {
            return -1;
        }

        if (_at == schedule.Choices.Count)
        {
            return Diverge(run.Steps + 1, $"the schedule ends here, the run goes on with {Names(run, enabled)}");
        }

        string? name = schedule.Choices[_at].Actor;
        if (name is null)
        {
            return Diverge(run.Steps + 1, "the schedule has a value, which nobody draws here");
        }

        int actor = name == Scenario.EndName ? run.End : run.IndexOf(name);
        if (actor < 0 || (enabled >> actor & 1) == 0)
        {
            return Diverge(run.Steps + 1,
                $"the schedule says {name}, {(actor < 0 ? "whom the scenario has not" : "who cannot go on")}; {Names(run, enabled)} can");
        }

        _at++;
        return actor;
    }

    internal override int PickValue(Execution run, int count)
    {
        int value = _at < schedule.Choices.Count && schedule.Choices[_at].IsValue ? schedule.Choices[_at].Value : -1;
        if (value < 0 || value >= count)
        {
            Diverge(run.Steps, value < 0 ? "a value is drawn, which the schedule has not" : $"the schedule draws value {value} of {count}");
            return 0;
        }

        _at++;
        return value;
    }

    internal override void Ended(Execution run)
    {
        if (Divergence is null && _at < schedule.Choices.Count)
        {
            Diverge(run.Steps + 1, $"the run ends here, the schedule goes on for {schedule.Choices.Count - _at} choices");
        }
    }

    private int Diverge(int step, string how)
    {
        Divergence ??= $"step {step}: {how}";
        return -1;
    }

    private static string Names(Execution run, ulong enabled)
    {
        List<string> names = [];
        for (ulong rest = enabled; rest != 0; rest &= rest - 1)
        {
            int actor = BitOperations.TrailingZeroCount(rest);
            names.Add(actor == run.End ? Scenario.EndName : run.Actor(actor).Name);
        }

        return string.Join(" or ", names);
    }
}
