using Palimpsest.Designs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Worlds;

namespace Palimpsest.Races;

/// <summary>A race of the discussion as a scenario over the running kernel.</summary>
/// <param name="Id">As in the reference: R1, X9; T, V and W are ours (docs/exploration.md).</param>
/// <param name="Title">What races with what.</param>
/// <param name="Safeguard">What prevents it; None when the claim is that nothing does.</param>
/// <param name="Design">Design that it is explored under when none is named.</param>
/// <param name="Build">Names who acts in the world.</param>
/// <param name="NeedsLent">It is about storage that is lent when the run begins.</param>
internal sealed record Race(string Id, string Title, Safeguards Safeguard, string Design,
    Action<Scenario<RaceWorld>> Build, Func<WorldFactory, RaceWorld> World, bool NeedsLent = true) : IRace
{
    private static readonly string[] Laws = ["FRAME-1", "BUDDY-1", "TAG-1", "TAG-2", "TAG-3", "TAG-4", "TAG-5", "TAG-6", "PIN-1", "TAG-7",
        "LRU-1"];

    /// <summary>The scenario under a design and with the safeguards that are in force.</summary>
    public Scenario Scenario(DesignChoice design, Safeguards safeguards)
    {
        Scenario<RaceWorld> scenario = new(Id, machine =>
        {
            RaceWorld world = World(new WorldFactory(machine, design, safeguards));
            return NeedsLent ? world.ThatLends() : world;
        });
        scenario.Retries((int)StepKind.Wait).Describe(StepWords.Of).Tell(PageWords.Of).Hear(world => world.Hear()).Within(400);
        Build(scenario);
        return WithLaws(scenario);
    }

    /// <summary>At the end every byte and tag is what was stored, and all laws hold.</summary>
    /// <param name="allowsKills">Who was killed for memory expects nothing; the laws hold all the same.</param>
    public static Scenario<RaceWorld> WithLaws(Scenario<RaceWorld> scenario, bool allowsKills = false)
    {
        scenario.AtEnd("DATA", world => allowsKills && world.Machine.Statistics.OomKills > 0 ? null : world.BrokenExpectation());
        foreach (string law in Laws)
        {
            scenario.AtEnd(law, world => world.Violation(law));
        }

        return scenario;
    }
}
