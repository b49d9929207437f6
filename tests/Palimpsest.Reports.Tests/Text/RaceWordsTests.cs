using Palimpsest.Races;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Text;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>What a search told, in words that are right for one and for many.</summary>
public sealed class RaceWordsTests
{
    private static readonly ToldRun Failing = new("schedule 1 R1 seed 1:", ["one"], [], Steps: 1, Preemptions: 0, "TAG-2", "TAG-2: x");

    private static readonly SearchOutcome Held = new("depth first", 1_234, IsExhaustive: true, PreemptionBound: null, FoundAfter: 0,
        Failing: null, IsShortest: false);

    private static readonly SearchOutcome Found = Held with { Failing = Failing, FoundAfter = 2_345, IsShortest = true };

    [Theory]
    [InlineData(true, null, "all there are", "held in 1,234 schedules, all there are")]
    [InlineData(true, 0, "0 preemptions", "held in 1,234 schedules, all up to 0 preemptions")]
    [InlineData(true, 1, "1 preemption", "held in 1,234 schedules, all up to 1 preemption")]
    [InlineData(true, 4, "4 preemptions", "held in 1,234 schedules, all up to 4 preemptions")]
    [InlineData(false, null, "not all", "held in 1,234 schedules, not all there are")]
    [InlineData(false, 4, "not all", "held in 1,234 schedules, not all there are")]
    public void HowFarASearchWentIsSaid(bool isExhaustive, int? bound, string extent, string sentence)
    {
        SearchOutcome search = Held with { IsExhaustive = isExhaustive, PreemptionBound = bound };

        Assert.Equal(extent, RaceWords.Bound(search));
        Assert.Equal(sentence, RaceWords.Held(search));
    }

    [Fact]
    public void OneScheduleIsOne() =>
        Assert.Equal("held in 1 schedule, all there are", RaceWords.Held(Held with { Schedules = 1 }));

    [Theory]
    [InlineData(0, 1, true, "0 preemptions, 1 step; none is shorter")]
    [InlineData(1, 16, true, "1 preemption, 16 steps; none is shorter")]
    [InlineData(2, 1_000, false, "2 preemptions, 1,000 steps")]
    public void HowShortAFailureIsIsSaid(int preemptions, int steps, bool isShortest, string words) => Assert.Equal(
        words, RaceWords.Shortest(Found with { IsShortest = isShortest }, Failing with { Preemptions = preemptions, Steps = steps }));

    [Fact]
    public void WhereItWasFoundIsSaidWithHow() => Assert.Equal("found in schedule 2,345 (depth first)", RaceWords.Found(Found));

    [Fact]
    public void ColumnsSayWhatEachSearchCameTo()
    {
        RaceOutcome outcome = new("R1", "title", "static", "strip-tagged", Found, Held, RaceVerdict.Holds);

        Assert.Equal(("2,345", "1,234", "all there are"),
            (RaceWords.FoundAfter(outcome), RaceWords.HeldIn(outcome), RaceWords.Extent(outcome)));
        Assert.Equal("not found", RaceWords.FoundAfter(outcome with { Without = Held }));
        Assert.Equal("-", RaceWords.FoundAfter(outcome with { Without = null }));
        Assert.Equal(("found", "TAG-2"),
            (RaceWords.HeldIn(outcome with { With = Found }), RaceWords.Extent(outcome with { With = Found })));
    }

    [Theory]
    [InlineData(RaceVerdict.Holds, "")]
    [InlineData(RaceVerdict.Broken, "BROKEN with all safeguards: TAG-2")]
    [InlineData(RaceVerdict.NotFound, "NOT FOUND without strip-tagged: it prevents nothing, or the search was too short")]
    [InlineData(RaceVerdict.NotNeeded, "not found without strip-tagged under static")]
    [InlineData(RaceVerdict.Open, "open claim, true: TAG-2, and no safeguard was proposed")]
    public void AVerdictIsWords(RaceVerdict verdict, string words) =>
        Assert.Equal(words, RaceWords.Verdict(new RaceOutcome("R1", "title", "static", "strip-tagged", Found, Found, verdict)));
}
