using System.Text.Json.Serialization;
using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Trials;

/// <summary>A schedule to run again.</summary>
/// <param name="Name">Of its file, for messages.</param>
/// <param name="Text">As a search printed it.</param>
public sealed record ScheduleTrial(string Name, string Text)
{
    /// <summary>Name and parameters; the race's own without it.</summary>
    public string? Design { get; init; }

    /// <summary>Names of safeguards that are left out; the race's own without any.</summary>
    public IReadOnlyList<string> Without { get; set; } = [];

    /// <summary>Designs of one's own, which can be named like those of the catalogue; not kept in JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<DesignEntry> Own { get; init; } = [];

    /// <summary>Races of one's own that the schedule may be of; not kept in JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<OwnRace> OwnRaces { get; init; } = [];

    /// <exception cref="InputException">It is no schedule, or the run differs from it.</exception>
    /// <exception cref="UsageException">There is no such design or safeguard, or the design has no place for the race.</exception>
    public ToldRun Run()
    {
        Schedule schedule = Parsed();
        Safeguards without = Without.Count > 0 ? RaceCatalog.Parse(Without) : SafeguardOf(schedule);
        Repeat repeat = Again(schedule, without);
        return repeat.Divergence is not { } divergence
            ? ToldRun.Of(repeat.Run)
            : throw new InputException(
                $"{Name}: the run differs from the schedule: {divergence}; give the design and the safeguards that it was found with");
    }

    private Schedule Parsed()
    {
        try
        {
            return Schedule.Parse(Text);
        }
        catch (ScheduleFormatException exception)
        {
            throw new InputException($"{Name}: {exception.Message}", exception);
        }
    }

    private Safeguards SafeguardOf(Schedule schedule)
    {
        try
        {
            return RaceCatalog.SafeguardOf(schedule.Scenario, OwnRaces);
        }
        catch (UsageException exception)
        {
            throw new InputException($"{Name}: {exception.Message}", exception);
        }
    }

    private Repeat Again(Schedule schedule, Safeguards without)
    {
        try
        {
            return RaceSearch.Replay(schedule, Design, without, OwnRaces, Own);
        }
        catch (RaceDoesNotApplyException exception) when (Design is not null)
        {
            throw new UsageException($"{schedule.Scenario} cannot be set up under {Design}: {exception.Message}");
        }
    }
}
