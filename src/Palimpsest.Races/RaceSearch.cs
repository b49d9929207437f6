using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Beyond;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races;

/// <summary>How much is searched.</summary>
/// <param name="Schedules">Runs of each search, at most.</param>
/// <param name="Preemptions">Bound of the exhaustive search.</param>
public sealed record RaceLimits(int Schedules = 20_000, int Preemptions = 4, ulong Seed = 1);

/// <summary>What exploring a race told.</summary>
/// <param name="Without">The search with its safeguard left out; null when it has none.</param>
/// <param name="With">The search with all safeguards in force.</param>
public sealed record RaceResult(RaceEntry Race, string Design, SearchResult? Without, SearchResult With);

/// <summary>Explores races: at random first, then every interleaving up to a bound of preemptions.</summary>
internal static class RaceSearch
{
    /// <summary>Explores a race with its safeguard left out and with all in force.</summary>
    /// <param name="design">Name and parameters; null for the race's own.</param>
    public static RaceResult Explore(string id, string? design, RaceLimits limits, CancellationToken enough = default)
    {
        Race race = RaceCatalog.Find(id);
        DesignChoice choice = DesignCatalog.Parse(design ?? race.Design);
        SearchResult? without = race.Safeguard == Safeguards.None
            ? null
            : Search(race, choice, Safeguards.All & ~race.Safeguard, limits, enough);
        SearchResult with = Search(race, choice, Safeguards.All, limits, enough);
        return new RaceResult(RaceCatalog.All.First(entry => entry.Id == race.Id), design ?? race.Design, without, with);
    }

    /// <summary>Explores a race with some safeguards left out.</summary>
    public static SearchResult Search(string id, string? design, Safeguards without, RaceLimits limits, CancellationToken enough = default)
    {
        Race race = RaceCatalog.Find(id);
        return Search(race, DesignCatalog.Parse(design ?? race.Design), Safeguards.All & ~without, limits, enough);
    }

    /// <summary>Runs a schedule again that a search of the race printed.</summary>
    public static Repeat Replay(Schedule schedule, string? design, Safeguards without)
    {
        if (RandomProgram.Named(schedule.Scenario) is { } program)
        {
            string named = design
                ?? throw new UsageException($"{schedule.Scenario} is of a random program: give the design that it was found under");
            return new Explorer(program.Scenario(DesignCatalog.Parse(named), Safeguards.All & ~without)).Replay(schedule);
        }

        Race race = RaceCatalog.Find(schedule.Scenario);
        return new Explorer(race.Scenario(DesignCatalog.Parse(design ?? race.Design), Safeguards.All & ~without)).Replay(schedule);
    }

    /// <summary>
    /// What is expected to fail is searched at random first, which finds it soon; what is expected to hold one by one, and at
    /// random only where that does not come to an end.
    /// </summary>
    private static SearchResult Search(Race race, DesignChoice design, Safeguards safeguards, RaceLimits limits, CancellationToken enough)
    {
        Explorer explorer = new(race.Scenario(design, safeguards));
        SearchLimits few = new(limits.Schedules / 10);
        SearchLimits many = new(limits.Schedules);
        if (safeguards != Safeguards.All && explorer.Search(new RandomWalk(limits.Seed), few, enough) is { Held: false } found)
        {
            return found;
        }

        SearchResult all = explorer.Search(new DepthFirst(limits.Preemptions), many, enough);
        return all.IsExhaustive || !all.Held || explorer.Search(new RandomWalk(limits.Seed), few, enough) is not { Held: false } late
            ? all
            : late;
    }
}
