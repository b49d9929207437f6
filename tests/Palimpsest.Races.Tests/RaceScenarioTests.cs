using Palimpsest.Designs;
using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Scenarios;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Tests.Beyond;
using Palimpsest.Vocabulary;

namespace Palimpsest.Races.Tests;

/// <summary>Each race as a scenario: who acts has a name and acts, and what it tells is told of every step.</summary>
public sealed class RaceScenarioTests
{
    // A claim that nothing is against: it fails in any order.
    private static readonly string[] Claims = ["R15+", "R36", "R37"];

    public static TheoryData<string> EveryId() => [.. RaceCatalog.All.Select(race => race.Id)];

    public static TheoryData<string> Held() => [.. RaceCatalog.All.Select(race => race.Id).Except(Claims)];

    [Theory]
    [MemberData(nameof(EveryId))]
    public void AScenarioIsNamedAsItsRaceAndEndsSoon(string id)
    {
        Scenario scenario = Scenario(id);

        Assert.Equal(id, scenario.Name);
        Assert.InRange(scenario.Roles.Count, 1, 4);
        Assert.InRange(scenario.StepBound, 400, 2000);
    }

    [Theory]
    [MemberData(nameof(EveryId))]
    public void ActorsAreNamedByWhatTheyDo(string id) =>
        Assert.All(Scenario(id).Roles, role => Assert.Matches("^[a-z]+$", role.Name));

    [Theory]
    [MemberData(nameof(Held))]
    public void WithAllInForceARunEndsAndBreaksNothing(string id)
    {
        RunRecord run = Recorded.Run(Scenario(id), seed: 1);

        Assert.Equal(Recorded.Held, run.Failure?.Law);
        Assert.All(run.Steps, step => Assert.False(string.IsNullOrEmpty(step.State), step.Words));
        Assert.Empty(Scenario(id).Roles.Index()
            .Where(role => role.Item.Kind == Palimpsest.Steps.ActorKind.Process && run.Steps.All(step => step.Actor != role.Index))
            .Select(role => role.Item.Name));
    }

    [Theory]
    [MemberData(nameof(EveryId))]
    public void NoStepIsToldByItsNumber(string id)
    {
        RunRecord run = Recorded.Run(Scenario(id), seed: 2);

        Assert.DoesNotContain(run.Steps, step => step.Words.StartsWith("step ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("R2", "static", "all of tag storage is reserved")]
    [InlineData("R2", "no-mte", "nothing can be tagged")]
    [InlineData("X2", "migrate-metadata", "there is no fast way to take a free block")]
    public void ADesignWithoutPlaceForARaceSaysWhatIsMissing(string id, string design, string reason)
    {
        Race race = RaceCatalog.Find(id);
        InputException refused = Assert.Throws<RaceDoesNotApplyException>(() =>
            Recorded.Run(race.Scenario(DesignCatalog.Parse(design), Safeguards.All), seed: 1));

        Assert.Equal(reason, refused.Message);
    }

    private static Scenario Scenario(string id)
    {
        Race race = RaceCatalog.Find(id);
        return race.Scenario(DesignCatalog.Parse(race.Design), Safeguards.All);
    }
}
