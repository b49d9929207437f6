using Palimpsest.Exploration.Runs;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Strategies;

/// <summary>A step of a run, as it was when it was about to be taken.</summary>
/// <param name="Node">Index of the choice that took it.</param>
internal readonly record struct TakenStep(int Actor, Step Step, StepLock? Wanted, bool IsShared, bool IsRetry, int Node)
{
    public TakenStep(Execution run, int actor, int node)
        : this(actor, run.At(actor).Step, run.At(actor).Waiting.Wanted, run.At(actor).Waiting.Shared, run.IsAtRetry(actor), node)
    {
    }

    /// <summary>This step and the one that an actor is about to take cannot change places, as far as anybody promised.</summary>
    public bool DependsOn(Execution run, int actor)
    {
        ref readonly Execution.Parked other = ref run.At(actor);
        if (IsRetry || run.IsAtRetry(actor) || run.ShareCpu(Actor, actor))
        {
            return true;
        }

        if (Step.Access == Access.Anything || other.Step.Access == Access.Anything)
        {
            return run.Scenario.Independence?.Invoke(Step, other.Step) is not true;
        }

        if (Wanted is not null || other.Waiting.Wanted is not null)
        {
            return Wanted == other.Waiting.Wanted && !(IsShared && other.Waiting.Shared);
        }

        return Step.Subject == other.Step.Subject && (Step.Access == Access.Writes || other.Step.Access == Access.Writes);
    }
}
