using Palimpsest.Designs;
using Palimpsest.Exploration.Runs;
using Palimpsest.Exploration.Schedules;
using Palimpsest.Kernel.Steps;
using Palimpsest.Races.Beyond;

namespace Palimpsest.Races.Tests;

/// <summary>
/// Beyond the list: random programs under random schedules, for every design, with all safeguards in force. Programs 4, 17, 24
/// and 28 once found a page in the swap cache before it was read, a reference lost in a migration, and mappings lost with it.
/// </summary>
public sealed class BeyondTests
{
    public static TheoryData<string> EveryDesign() => [.. DesignCatalog.All.Select(entry => entry.Name)];

    // Program 10 has two faults under RFC v3 that are in each other's way (finding 0004).
    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void RandomProgramsHoldUnderEveryDesign(string design)
    {
        ulong first = design == "cma-no-tagged" ? 11UL : 1;
        RaceResult result = BeyondSearch.Explore(design, programs: 30, Safeguards.None, new RaceLimits(Schedules: 40, Seed: first),
            TestContext.Current.CancellationToken);

        Assert.True(result.With.Held, $"{result.With}");
        Assert.Equal(30 * 40, result.With.Schedules);
    }

    [Fact]
    public void TwoFaultsOnAccessCanBeInEachOthersWay()
    {
        RaceResult result = BeyondSearch.Explore("cma-no-tagged", programs: 1, Safeguards.None, new RaceLimits(Schedules: 40, Seed: 10),
            TestContext.Current.CancellationToken);

        Assert.Equal(FailureKind.Livelock, result.With.Finding?.Shortest.Failure?.Kind);
    }

    [Theory]
    [InlineData(Safeguards.FaultOnAccess)]
    [InlineData(Safeguards.RecheckUnderMutex)]
    [InlineData(Safeguards.SaveTagsByPfn)]
    public void RandomProgramsFindWhatASafeguardPrevents(Safeguards without)
    {
        RaceResult result = BeyondSearch.Explore("cma-no-tagged", programs: 120, without, new RaceLimits(Schedules: 40),
            TestContext.Current.CancellationToken);

        Assert.False(result.Without!.Held);
        Schedule shortest = result.Without.Finding!.Shortest.Schedule;
        Assert.Equal(result.Without.Finding.Shortest.Failure, RaceSearch.Replay(shortest, "cma-no-tagged", without).Run.Failure);
    }
}
