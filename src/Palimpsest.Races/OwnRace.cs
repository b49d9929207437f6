using Palimpsest.Designs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races;

/// <summary>A race of one's own, which is explored, listed and replayed by its id as those of the discussion are.</summary>
public sealed class OwnRace : IRace
{
    private const int UsualSteps = 400;

    private readonly Func<DesignChoice, Safeguards, Scenario> _scenario;

    private OwnRace(string id, string title, string design, Safeguards safeguard, Func<DesignChoice, Safeguards, Scenario> scenario) =>
        (Id, Title, Design, Safeguard, _scenario) = (id, title, design, safeguard, scenario);

    /// <summary>As it is named on the command line and in schedules.</summary>
    public string Id { get; }

    /// <summary>What races with what, without a full stop.</summary>
    public string Title { get; }

    /// <summary>Design that it is explored under when none is named.</summary>
    public string Design { get; }

    /// <summary>What is left out in the first search; None where only the search with all in force is of interest.</summary>
    public Safeguards Safeguard { get; }

    /// <summary>
    /// Describes a race. At the end of each run every <see cref="Kernel.LinuxMachine.Audit">law of the machine</see> is recounted, beside
    /// those that <paramref name="actors"/> adds.
    /// </summary>
    /// <param name="id">No spaces, none of <c>: * ? #</c>, and no id of the catalogue.</param>
    /// <param name="setUp">The state before a run, made anew for each; nothing is interleaved here.</param>
    /// <param name="actors">Adds who acts, and what has to be so at the end.</param>
    /// <param name="mostSteps">A run of more steps is a livelock.</param>
    /// <param name="isAudited">False where only what <paramref name="actors"/> adds is looked at.</param>
    public static OwnRace Of<TState>(
        string id, string title, string design, Safeguards safeguard, Func<RaceSetting, TState> setUp, Action<Scenario<TState>> actors,
        int mostSteps = UsualSteps, bool isAudited = true)
        where TState : IRaceState => new(id, title, design, safeguard, (choice, inForce) =>
    {
        RaceTelling telling = new();
        Scenario<TState> scenario = new(id, steps => telling.Heard(Made(id, () => setUp(new RaceSetting(steps, choice, inForce)))));
        scenario.Retries((int)StepKind.Wait).Describe(StepWords.Of).Tell(state => PageWords.Of(state.Machine))
            .Hear(state => telling.Hear(state.Machine)).Within(mostSteps);
        Made(id, () =>
        {
            actors(scenario);
            return scenario;
        });
        return isAudited ? scenario.AtEnd(EndOfRun.Audit) : scenario;
    });

    Scenario IRace.Scenario(DesignChoice design, Safeguards safeguards) => _scenario(design, safeguards);

    /// <exception cref="InputException">Whoever wrote the race has made a mistake.</exception>
    private static T Made<T>(string id, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception exception) when (exception is not (InputException or OutOfMemoryException))
        {
            throw new InputException($"{id} cannot be set up: {exception.GetType().Name}: {exception.Message}", exception);
        }
    }
}
