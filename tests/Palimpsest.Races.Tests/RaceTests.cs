using Palimpsest.Exploration;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Kernel.Steps;

namespace Palimpsest.Races.Tests;

/// <summary>Each race is found without its safeguard, within bounds not found with it, and told so that it can be repeated.</summary>
public sealed class RaceTests
{
    private static readonly RaceLimits Limits = new(Schedules: 1500);

    public static TheoryData<string> Guarded() => [.. RaceCatalog.All.Where(race => race.Safeguard.Length > 0).Select(race => race.Id)];

    [Theory]
    [MemberData(nameof(Guarded))]
    public void ItIsFoundWithoutItsSafeguardOnly(string id)
    {
        RaceResult result = RaceSearch.Explore(id, design: null, Limits, TestContext.Current.CancellationToken);

        Assert.NotNull(result.Without!.Finding);
        Assert.True(result.With.Held, result.With.Finding?.Shortest.Failure?.ToString());
    }
}
