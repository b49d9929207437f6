using System.Text.Json.Serialization;
using Palimpsest.Designs;
using Palimpsest.Races.Beyond;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Trials;

/// <summary>Random programs to explore, from that of the seed on, until one fails.</summary>
public sealed record BeyondTrial(string Design)
{
    /// <summary>Random programs, each under as many schedules as the limits say.</summary>
    public int Programs { get; set; } = 100;

    /// <summary>Names of safeguards that are left out in a first search; none without any.</summary>
    public IReadOnlyList<string> Without { get; set; } = [];

    /// <summary>Schedules are those of each program.</summary>
    public RaceLimits Limits { get; set; } = new(Schedules: 40);

    /// <summary>Designs of one's own, which can be named like those of the catalogue; not kept in JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<DesignEntry> Own { get; init; } = [];

    /// <exception cref="UsageException">There is no such design or safeguard.</exception>
    public RaceOutcome Run(CancellationToken enough = default) =>
        RaceOutcome.Of(BeyondSearch.Explore(Design, Own, Programs, RaceCatalog.Parse(Without), Limits, enough));
}
