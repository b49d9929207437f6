using Palimpsest.Designs;
using Palimpsest.Exploration;

namespace Palimpsest.Races.Tests;

/// <summary>
/// Beyond the list: random programs under random schedules, for every design, with all safeguards in force. Programs 4, 17, 24
/// and 28 once found a page in the swap cache before it was read, a reference lost in a migration, and mappings lost with it.
/// </summary>
public sealed class BeyondTests
{
    private static readonly ulong[] Programs = [.. Enumerable.Range(1, 30).Select(program => (ulong)program)];

    public static TheoryData<string> EveryDesign() => [.. DesignCatalog.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(EveryDesign))]
    public void RandomProgramsHoldUnderEveryDesign(string design)
    {
        foreach (ulong program in Programs)
        {
            SearchResult result = RaceSearch.Beyond(program, design, new RaceLimits(Schedules: 40, Seed: program), TestContext.Current.CancellationToken);

            Assert.True(result.Held, $"program {program}: {result.Finding?.Shortest.Failure}\n{result.Finding?.Shortest.Schedule}");
        }
    }
}
