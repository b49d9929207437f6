using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Runs;

/// <summary>A run in words and names.</summary>
internal sealed partial class Execution
{
    /// <summary>Index of the actor of a name, negative when there is none.</summary>
    public int IndexOf(string name) => Array.FindIndex(_actors, actor => actor.Name == name);

    /// <summary>Choices by names.</summary>
    public Schedule ScheduleOf(IReadOnlyList<int> choices, ulong seed) => new(_scenario.Name, seed,
        [.. choices.Select(choice => choice < 0
            ? new Choice(null, ~choice)
            : new Choice(choice == End ? Scenario.EndName : _actors[choice].Name, 0))]);

    /// <summary>The step that an actor is about to take.</summary>
    public string Words(int slot) => _parked[slot].Waiting.Wanted is { } wanted ? $"take {wanted.Name}"
        : _parked[slot].Step.Kind == Step.ArrivalKind ? "arrive"
        : _scenario.Words(_parked[slot].Step);

    /// <summary>Who has not finished, and what each is at.</summary>
    private string Standing() => string.Join("; ", Enumerable.Range(0, _actors.Length)
        .Where(slot => (_live & Bit(slot)) != 0)
        .Select(slot => $"{_actors[slot].Name} "
            + $"{(_parked[slot].Waiting.Wanted is { } wanted ? $"waits for {wanted.Name}, which {Holder(wanted)} has"
                : $"is at {Words(slot)}")}"));

    private string Holder(StepLock wanted) =>
        wanted.Owner?.Name
            ?? (wanted.Readers > 0
            ? string.Join(" and ", _actors.Where(actor => actor.Held.Contains(wanted)).Select(actor => actor.Name))
            : "nobody");
}
