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
public sealed record RaceResult(RaceEntry Race, string Design, SearchResult? Without, SearchResult With)
{
    /// <summary>A race of one's own, as it was made; null for one of the catalogue, or of random programs.</summary>
    public RaceEntry? Made { get; init; }
}

/// <summary>How far the search of a race is.</summary>
/// <param name="Without">Names of the safeguards that are left out; empty with all in force.</param>
/// <param name="Schedules">Runs so far, of this strategy.</param>
/// <param name="Most">Runs after which it ends, if it does not sooner.</param>
public readonly record struct RaceProgress(string Without, long Schedules, long Most);

/// <summary>A search that was asked for.</summary>
internal sealed record RaceQuestion(string Id, string? Design, RaceLimits Limits, CancellationToken Enough = default)
{
    /// <summary>Races of one's own, by whose ids it may ask.</summary>
    public IReadOnlyList<OwnRace> Own { get; init; } = [];

    /// <summary>Designs of one's own, likewise.</summary>
    public IReadOnlyList<DesignEntry> OwnDesigns { get; init; } = [];

    /// <summary>Told after each run; null for nobody.</summary>
    public Action<RaceProgress>? Progress { get; init; }

    /// <summary>Its runs are too long for one by one, unless few things happen in them: most are looked at at random.</summary>
    public bool IsLong { get; init; }

    /// <summary>The search at random, by its seed.</summary>
    public Func<ulong, Strategy> AtRandom { get; init; } = seed => new RandomWalk(seed);

    public IRace Race => RaceCatalog.Find(Id, Own);

    public DesignChoice Choice => DesignCatalog.Parse(Design ?? Race.Design, OwnDesigns);
}

/// <summary>Explores races: at random first, then every interleaving up to a bound of preemptions.</summary>
internal static class RaceSearch
{
    /// <summary>Explores a race with its safeguard left out and with all in force.</summary>
    /// <param name="design">Name and parameters; null for the race's own.</param>
    public static RaceResult Explore(string id, string? design, RaceLimits limits, CancellationToken enough = default) =>
        Explore(new RaceQuestion(id, design, limits, enough));

    /// <summary>The same, also of a race of one's own.</summary>
    public static RaceResult Explore(RaceQuestion question)
    {
        IRace race = question.Race;
        SearchResult? without = race.Safeguard == Safeguards.None ? null : Search(question, race.Safeguard);
        return ResultOf(question, RaceCatalog.EntryOf(race), without, Search(question, Safeguards.None));
    }

    /// <summary>Explores it with these safeguards left out and with all in force; the race's own is left out without any.</summary>
    public static RaceResult Explore(RaceQuestion question, IReadOnlyList<string> without) => without.Count == 0 ? Explore(question)
        : ResultOf(question, RaceCatalog.EntryOf(question.Race) with { Safeguard = string.Join("+", without) },
            Search(question, RaceCatalog.Parse(without)), Search(question, Safeguards.None));

    /// <summary>What two searches of a race told.</summary>
    /// <param name="entry">The race, with the safeguards that were left out.</param>
    public static RaceResult ResultOf(RaceQuestion question, RaceEntry entry, SearchResult? without, SearchResult with) =>
        new(entry, question.Design ?? entry.Design, without, with)
        {
            Made = question.Race is OwnRace own ? RaceCatalog.EntryOf(own) : null,
        };

    /// <summary>Explores a race with some safeguards left out.</summary>
    public static SearchResult Search(
        string id, string? design, Safeguards without, RaceLimits limits, CancellationToken enough = default) =>
        Search(new RaceQuestion(id, design, limits, enough), without);

    /// <summary>Runs a schedule again that a search of the race printed.</summary>
    public static Repeat Replay(
        Schedule schedule, string? design, Safeguards without, IReadOnlyList<OwnRace>? own = null,
        IReadOnlyList<DesignEntry>? ownDesigns = null)
    {
        if (RandomProgram.Named(schedule.Scenario) is { } program)
        {
            string named = design
                ?? throw new UsageException($"{schedule.Scenario} is of a random program: give the design that it was found under");
            return new Explorer(program.Scenario(DesignCatalog.Parse(named, ownDesigns ?? []), Safeguards.All & ~without))
                .Replay(schedule);
        }

        IRace race = RaceCatalog.Find(schedule.Scenario, own ?? []);
        DesignChoice choice = DesignCatalog.Parse(design ?? race.Design, ownDesigns ?? []);
        return new Explorer(race.Scenario(choice, Safeguards.All & ~without)).Replay(schedule);
    }

    /// <summary>
    /// What is expected to fail is searched at random first, which finds it soon; what is expected to hold one by one, and at
    /// random only where that does not come to an end.
    /// </summary>
    public static SearchResult Search(RaceQuestion question, Safeguards without)
    {
        (RaceLimits limits, CancellationToken enough) = (question.Limits, question.Enough);
        Explorer explorer = new(question.Race.Scenario(question.Choice, Safeguards.All & ~without));
        SearchLimits few = new(limits.Schedules / 10);
        SearchLimits many = new(limits.Schedules);
        if (without != Safeguards.None && Searched(question.AtRandom(limits.Seed), few) is { Held: false } found)
        {
            return found;
        }

        SearchResult all = Searched(new DepthFirst(limits.Preemptions), question.IsLong ? few : many);
        if (all.IsExhaustive || !all.Held)
        {
            return all;
        }

        SearchResult late = Searched(question.AtRandom(limits.Seed), question.IsLong ? many : few);
        return question.IsLong || !late.Held ? late : all;

        SearchResult Searched(Strategy strategy, SearchLimits most)
        {
            string leftOut = question.Progress is null || without == Safeguards.None ? "" : RaceCatalog.NameOf(without);
            return explorer.Search(strategy, most,
                question.Progress is { } told ? runs => told(new RaceProgress(leftOut, runs, most.Schedules)) : null, enough);
        }
    }
}
