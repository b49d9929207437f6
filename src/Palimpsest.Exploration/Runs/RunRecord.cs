using Palimpsest.Exploration.Schedules;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Runs;

/// <summary>One run step by step, for a table of actors against steps.</summary>
/// <param name="Actors">Names, in the order of the scenario.</param>
/// <param name="Preemptions">Times that an actor was left though it could have gone on.</param>
public sealed record RunRecord(
    Schedule Schedule, IReadOnlyList<string> Actors, IReadOnlyList<RunStep> Steps, int Preemptions, Failure? Failure);

/// <summary>One step of a run.</summary>
/// <param name="Actor">Index of who took it.</param>
/// <param name="Words">The step as the scenario describes it.</param>
/// <param name="Took">Name of the lock with which it began.</param>
/// <param name="Held">Names of the locks held in its course, that one included.</param>
/// <param name="Values">What it drew where the model leaves a choice.</param>
/// <param name="State">The state after it, as the scenario tells it.</param>
/// <param name="Heard">What happened in it, as the scenario heard it.</param>
public sealed record RunStep(int Actor, Step Step, string Words, string? Took, IReadOnlyList<string> Held, IReadOnlyList<int> Values,
    string? State, string? Heard = null);
