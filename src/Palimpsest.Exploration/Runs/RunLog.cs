using Palimpsest.Exploration.Scenarios;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Runs;

/// <summary>Writes a run down while it happens.</summary>
internal sealed class RunLog
{
    private readonly List<RunStep> _steps = [];
    private int _choicesBefore;

    /// <summary>The stage is set: what is heard now is no step's doing.</summary>
    public void Begin(Stage stage)
    {
        _steps.Clear();
        stage.Hear();
    }

    public void Went(Execution run, int actor)
    {
        ref readonly Execution.Parked parked = ref run.At(actor);
        string? took = parked.Waiting.Wanted?.Name;
        List<string> held = [];
        foreach (StepLock one in run.Actor(actor).Held)
        {
            held.Add(one.Name);
        }

        if (took is not null)
        {
            held.Add(took);
        }

        _steps.Add(new RunStep(actor, parked.Step, run.Words(actor), took, held, [], null));
        _choicesBefore = run.Choices.Count;
    }

    /// <summary>The step is over.</summary>
    public void Saw(Execution run, Stage stage) =>
        _steps[^1] = _steps[^1] with
        {
            State = stage.Tell(),
            Heard = stage.Hear(),
            Values = [.. run.Choices.Skip(_choicesBefore).Select(choice => ~choice)],
        };

    public RunRecord Record(Execution run, ulong seed) =>
        new(run.ScheduleOf(run.Choices, seed), [.. run.Scenario.Roles.Select(role => role.Name)], [.. _steps], run.Preemptions,
            run.Failure);
}
