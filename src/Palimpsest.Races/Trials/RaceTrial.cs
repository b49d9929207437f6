using Palimpsest.Kernel.Steps;
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
    public bool NamesAnotherDesign => Design is not null && RaceCatalog.All.Any(entry => IsNamed(entry) && entry.Design != Design);

    /// <exception cref="UsageException">There is no such race, design or safeguard.</exception>
    /// <exception cref="RaceDoesNotApplyException">The design has no place for what the race needs.</exception>
    public RaceOutcome Run(CancellationToken enough = default)
    {
        if (Without.Count == 0)
        {
            return RaceOutcome.Of(RaceSearch.Explore(Id, Design, Limits, enough));
        }

        Safeguards without = RaceCatalog.Parse(Without);
        RaceCatalog.SafeguardOf(Id);
        RaceEntry entry = RaceCatalog.All.First(IsNamed);
        return RaceOutcome.Of(new RaceResult(
            entry with { Safeguard = string.Join("+", Without) }, Design ?? entry.Design,
            RaceSearch.Search(Id, Design, without, Limits, enough), RaceSearch.Search(Id, Design, Safeguards.None, Limits, enough)));
    }

    private bool IsNamed(RaceEntry entry) => string.Equals(entry.Id, Id, StringComparison.OrdinalIgnoreCase);
}
