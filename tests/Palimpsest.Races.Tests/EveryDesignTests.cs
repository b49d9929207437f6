using Palimpsest.Designs;
using Palimpsest.Exploration;
using Palimpsest.Kernel.Steps;

namespace Palimpsest.Races.Tests;

/// <summary>With all safeguards in force, each race holds under every design, or the design has no place for it.</summary>
public sealed class EveryDesignTests
{
    private static readonly string[] NothingToRaceWith = ["static", "no-mte"];

    public static TheoryData<string> EveryDesign() => [.. DesignCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void ARaceHoldsOrDoesNotApply(string design)
    {
        int explored = 0;
        foreach (RaceEntry race in RaceCatalog.All)
        {
            try
            {
                SearchResult found = RaceSearch.Search(race.Id, design, Safeguards.None, new RaceLimits(Schedules: 300, Preemptions: 1),
                    TestContext.Current.CancellationToken);
                RaceVerdict verdict = RaceVerdicts.Of(new RaceResult(race, design, Without: null, found));

                Assert.True(verdict is RaceVerdict.Holds or RaceVerdict.Open, $"{race.Id}: {found}");
                explored++;
            }
            catch (RaceDoesNotApplyException reason)
            {
                Assert.NotEmpty(reason.Message);
            }
        }

        Assert.Equal(NothingToRaceWith.Contains(design), explored == 0);
    }
}
