using Palimpsest.Exploration.Runs;
using Palimpsest.Steps;

namespace Palimpsest.Races.Trials;

/// <summary>A line of a run that is told: a step, or what stands for steps that only repeat those above.</summary>
/// <param name="Number">Of the step, from 1; 0 for what stands for others.</param>
/// <param name="Took">Name of the lock with which it began.</param>
/// <param name="Held">Names of the locks held in its course.</param>
/// <param name="State">State after it, where it is not the one before and the scenario tells it.</param>
/// <param name="Heard">What happened in it: blocks reserved and lent, pages tagged and moved, tag faults.</param>
public sealed record RunRow(
    int Number, int Actor, string Words, string? Took, IReadOnlyList<string> Held, string? State, string? Heard = null);

/// <summary>A run as lines, in which loops are told once.</summary>
internal static class RunRows
{
    /// <summary>Steps of the longest loop that is folded.</summary>
    private const int LongestLoop = 60;

    /// <summary>Rounds that are told in full: no more than one once there are so many.</summary>
    private const int ManyRounds = 3;

    public static IReadOnlyList<RunRow> Of(RunRecord run)
    {
        List<RunRow> rows = [];
        string? state = null;
        for (int at = 0; at < run.Steps.Count;)
        {
            (int loop, int rounds) = LoopAt(run.Steps, at);
            for (int end = at + loop; at < end; at++)
            {
                RunStep step = run.Steps[at];
                string drawn = step.Values.Count > 0 ? $" ({string.Join(", ", step.Values)})" : "";
                rows.Add(new RunRow(at + 1, step.Actor, step.Words + drawn, step.Took, step.Held,
                    step.State == state ? null : step.State, step.Heard));
                state = step.State;
            }

            if (rounds > 1)
            {
                at += loop * (rounds - 1);
                rows.Add(new RunRow(0, run.Steps[at - 1].Actor, $"... alike to step {at}, {rounds - 1} times", null, [], null));
            }
        }

        return rows;
    }

    /// <summary>The shortest loop that begins with a step, and how often it is gone through: one step, once, when there is none.</summary>
    private static (int Steps, int Rounds) LoopAt(IReadOnlyList<RunStep> steps, int at)
    {
        for (int loop = 1; loop <= Math.Min(LongestLoop, (steps.Count - at) / ManyRounds); loop++)
        {
            int end = at + loop;
            while (end < steps.Count && IsAlike(steps[end], steps[end - loop]))
            {
                end++;
            }

            int rounds = (end - at) / loop;
            if (rounds >= ManyRounds + (loop == 1 ? 2 : 0))
            {
                return (loop, rounds);
            }
        }

        return (1, 1);
    }

    private static bool IsAlike(RunStep one, RunStep other) =>
        one.Actor == other.Actor && one.Step.Kind == other.Step.Kind && one.Took == other.Took;
}
