using Palimpsest.Exploration.Runs;

namespace Palimpsest.Races.Trials;

/// <summary>A run told step by step, in numbers and strings.</summary>
/// <param name="Schedule">As a schedule prints, to run it again.</param>
/// <param name="Actors">Names, in the order of the scenario.</param>
/// <param name="Steps">Steps in all; rows are fewer where loops are told once.</param>
/// <param name="Preemptions">Times that an actor was left though it could have gone on.</param>
/// <param name="Law">Name of what was broken; null when the run held.</param>
/// <param name="Failure">How it was broken, a line that begins with the law.</param>
public sealed record ToldRun(
    string Schedule, IReadOnlyList<string> Actors, IReadOnlyList<RunRow> Rows, int Steps, int Preemptions, string? Law, string? Failure)
{
    /// <summary>A run told step by step, in the kernel's words.</summary>
    public static ToldRun Of(RunRecord run) => new(
        run.Schedule.ToString(), run.Actors, RunRows.Of(run), run.Steps.Count, run.Preemptions, run.Failure?.Law, run.Failure?.ToString());
}
