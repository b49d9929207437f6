using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;

namespace Palimpsest.Exploration.Tests;

internal static class Searches
{
    /// <summary>One search by a new explorer.</summary>
    public static SearchResult Search(this Scenario scenario, Strategy strategy, long schedules = 100_000) =>
        new Explorer(scenario).Search(strategy, new SearchLimits(schedules), TestContext.Current.CancellationToken);
}
