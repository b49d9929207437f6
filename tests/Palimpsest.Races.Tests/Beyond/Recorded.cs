using Palimpsest.Exploration;
using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Exploration.Strategies;
using Palimpsest.Races.Worlds;

namespace Palimpsest.Races.Tests.Beyond;

/// <summary>A run to its end, written down step by step.</summary>
internal static class Recorded
{
    /// <summary>What a run ends with that broke nothing: the last law of all is broken by every run.</summary>
    public const string Held = "SEEN";

    public static RunRecord Run(Scenario scenario, ulong seed)
    {
        ((Scenario<RaceWorld>)scenario).AtEnd(Held, _ => "the end");
        Explorer explorer = new(scenario);
        SearchResult search = explorer.Search(new RandomWalk(seed), new SearchLimits(Schedules: 1, Shrinking: 0),
            TestContext.Current.CancellationToken);
        return explorer.Replay(search.Finding!.First).Run;
    }
}
