using Palimpsest.Exploration;
using Palimpsest.Exploration.Schedules;

namespace Palimpsest.Races.Tests;

/// <summary>The shortest schedule of each race, kept as text, still breaks the same law, and breaks nothing with all safeguards.</summary>
public sealed class KeptScheduleTests
{
    public static TheoryData<string, string> Kept()
    {
        TheoryData<string, string> kept = [];
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "KeptSchedules.txt")).Where(line => line[0] != '#'))
        {
            kept.Add(line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]);
        }

        return kept;
    }

    [Theory]
    [MemberData(nameof(Kept))]
    public void ItBreaksTheSameLaw(string law, string text)
    {
        Schedule schedule = Schedule.Parse(text);
        Repeat repeat = RaceSearch.Replay(schedule, design: null, RaceCatalog.SafeguardOf(schedule.Scenario));

        Assert.Null(repeat.Divergence);
        Assert.Equal(law, repeat.Run.Failure?.Law);
        Assert.Equal(text, repeat.Run.Schedule.ToString());
    }

    [Fact]
    public void EveryGuardedRaceHasOne() => Assert.Equal(
        RaceCatalog.All.Where(race => race.Safeguard.Length > 0).Select(race => race.Id),
        Kept().Select(row => Schedule.Parse(row.Data.Item2).Scenario));

    [Fact]
    public void WithTheSafeguardInForceItLeadsElsewhereOrHolds() => Assert.All(Kept(), row =>
    {
        Repeat repeat = RaceSearch.Replay(Schedule.Parse(row.Data.Item2), design: null, Kernel.Steps.Safeguards.None);

        Assert.True(repeat.Divergence is not null || repeat.Run.Failure is null, row.Data.Item2);
    });
}
