using Palimpsest.Exploration.Scenarios;
using Palimpsest.Steps;

namespace Palimpsest.Exploration.Schedules;

/// <summary>
/// Who went when, in one run of one scenario: all that is needed to repeat it anywhere. As text it is one line,
/// <c>schedule 1 lost-update seed 7: cpu0 cpu1*2 cache?3 end</c>: version of the form, scenario, seed of the search that
/// found it, then actors in turn, <c>*</c> how often, <c>?</c> which value it drew.
/// </summary>
public sealed class Schedule(string scenario, ulong seed, IReadOnlyList<Choice> choices)
{
    /// <summary>Version of the text that is written, and the only one that is read.</summary>
    public const int Version = 1;

    /// <summary>Name of the scenario that it belongs to.</summary>
    public string Scenario { get; } = scenario;

    /// <summary>Of the search that found it; a search without chance has 0.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>In the order in which they are made.</summary>
    public IReadOnlyList<Choice> Choices { get; } = choices;

    /// <summary>Reads what <see cref="ToString"/> wrote, or a file with it; lines that begin with # are comments.</summary>
    /// <exception cref="ScheduleFormatException">It is something else.</exception>
    public static Schedule Parse(string text) => ScheduleText.Parse(text);

    /// <summary>One line, which <see cref="Parse"/> reads back.</summary>
    public override string ToString() => ScheduleText.Print(this);
}

/// <summary>One choice of a schedule.</summary>
/// <param name="Actor">Who goes, or <see cref="Scenario.EndName"/>; null for a value.</param>
/// <param name="Value">What the actor who went last draws.</param>
public readonly record struct Choice(string? Actor, int Value)
{
    /// <summary>A value was chosen, not an actor.</summary>
    public bool IsValue => Actor is null;
}

/// <summary>Text that is not a schedule. The message is one line, with a question mark for each control character that it quotes.</summary>
public sealed class ScheduleFormatException(string message)
    : FormatException(string.Concat(message.Select(letter => char.IsControl(letter) ? '?' : letter)));
