using System.Text.Json.Serialization;
using Palimpsest.Designs;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Trials;

/// <summary>A race to explore, with its safeguard left out and with all in force.</summary>
/// <param name="Id">R1, X9 and so on.</param>
public sealed record RaceTrial(string Id)
{
    /// <summary>Name and parameters; the race's own without it.</summary>
    public string? Design { get; init; }

    /// <summary>Names of safeguards that are left out in the first search; the race's own without any.</summary>
    public IReadOnlyList<string> Without { get; set; } = [];

    /// <summary>How far is searched.</summary>
    public RaceLimits Limits { get; set; } = new();

    /// <summary>Is it explored under a design that it was not made for? Then that may have no place for it.</summary>
    public bool NamesAnotherDesign => Design is not null && OwnRaces.Select(RaceCatalog.EntryOf).Concat(RaceCatalog.All)
        .Any(entry => string.Equals(entry.Id, Id, StringComparison.OrdinalIgnoreCase) && entry.Design != Design);

    /// <summary>Designs of one's own, which can be named like those of the catalogue; not kept in JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<DesignEntry> Own { get; init; } = [];

    /// <summary>Races of one's own, which can be named like those of the catalogue; not kept in JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<OwnRace> OwnRaces { get; init; } = [];

    /// <exception cref="UsageException">There is no such race, design or safeguard.</exception>
    /// <exception cref="RaceDoesNotApplyException">The design has no place for what the race needs.</exception>
    public RaceOutcome Run(CancellationToken enough = default) => Run(progress: null, enough);

    /// <inheritdoc cref="Run(CancellationToken)"/>
    /// <param name="progress">Told after each schedule, on the caller's thread; null for nobody.</param>
    public RaceOutcome Run(Action<RaceProgress>? progress, CancellationToken enough)
    {
        RaceQuestion question = new(Id, Design, Limits, enough) { Own = OwnRaces, OwnDesigns = Own, Progress = progress };
        return RaceOutcome.Of(RaceSearch.Explore(question, Without));
    }
}
