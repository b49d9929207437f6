using Palimpsest.Races;
using Palimpsest.Races.Trials;
using Palimpsest.Reports.Html;
using Palimpsest.Reports.Text;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>A race is told in the same words on a terminal and on a page.</summary>
public sealed class RaceTextTests
{
    private static readonly ToldRun Failing = new(
        "schedule 1 R7 seed 1: one*2 two", ["one", "two"],
        [new RunRow(1, 0, "take folio", "folio", ["folio"], "lent"), new RunRow(2, 0, "<free>", null, [], null),
            new RunRow(3, 1, "touch", null, [], "reserved")],
        Steps: 3, Preemptions: 1, "TAG-1", "TAG-1: frame 7 is tagged without storage");

    private static readonly SearchOutcome Held = new("one by one", 1_234, IsExhaustive: true, PreemptionBound: null, FoundAfter: 0,
        Failing: null, IsShortest: false);

    private static readonly SearchOutcome Found = new("random walk, seed 1", 15, IsExhaustive: false, PreemptionBound: null,
        FoundAfter: 15, Failing, IsShortest: true);

    private static readonly RaceOutcome Race = new("R7", "a & b", "static", "references-first", Found, Held, RaceVerdict.Holds);

    [Fact]
    public void OneRaceIsToldWithItsWayToTheFailure()
    {
        string text = RaceText.Whole(Race);

        Assert.StartsWith("R7: a & b\nstatic\n\nwithout references-first:\nfound in schedule 15 (random walk, seed 1)\n1 preemption, 3 "
            + "steps; none is shorter\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\nwith all safeguards:\nheld in 1,234 schedules, all there are\n", text, StringComparison.Ordinal);
        Assert.Contains("law: a tagged page has storage", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ARowHasTheSameWidthWhateverWasFound()
    {
        string[] rows = [.. new[]
        {
            Race,
            Race with { Without = null, Safeguard = "" },
            Race with { Without = Held, Verdict = RaceVerdict.NotFound },
            Race with { With = Found, Verdict = RaceVerdict.Broken },
            Race with { With = Held with { PreemptionBound = 4 } },
            Race with { With = Held with { IsExhaustive = false } },
        }.Select(outcome => RaceText.Row(outcome))];

        Assert.Equal([rows[0].Length], rows.Select(row => row.Length).Distinct());
        Assert.Equal(["all there are", "all there are", "all there are", "TAG-1", "4 preemptions", "not all"],
            rows.Select(row => row.TrimEnd().Split("  ", StringSplitOptions.RemoveEmptyEntries)[^1].Trim()));
    }

    [Fact]
    public void TheSummaryNamesEachRaceThatDoesNotHold()
    {
        string text = RaceText.Summary(
        [
            Race,
            Race with { Id = "X1", With = Found, Verdict = RaceVerdict.Broken },
            Race with { Id = "X2", Without = Held, Verdict = RaceVerdict.NotFound },
            Race with { Id = "X3", Without = Held, Verdict = RaceVerdict.NotNeeded },
            Race with { Id = "X4", With = Found, Verdict = RaceVerdict.Open },
        ]);

        Assert.StartsWith("\n1 of 5 hold: ", text, StringComparison.Ordinal);
        Assert.Contains("\nX1    BROKEN with all safeguards: TAG-1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nX2    NOT FOUND without references-first", text, StringComparison.Ordinal);
        Assert.Contains("\nX3    not found without references-first under static\n", text, StringComparison.Ordinal);
        Assert.Contains("\nX4    open claim, true: TAG-1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nR7", text, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryRaceThatIsNoScenarioIsListedWithItsReason() =>
        Assert.All(RaceCatalog.Unexplored, race => Assert.Contains($"\n{race.Id} ", RaceText.Unexplored(), StringComparison.Ordinal));

    [Fact]
    public void ThePageHasEveryStepInTheColumnOfWhoTookIt()
    {
        using StringWriter writer = new();
        ExploreHtml.Write(writer, [Race]);
        string page = writer.ToString();

        Assert.Contains("<strong>1 of 1</strong> races hold", page, StringComparison.Ordinal);
        Assert.Contains("<h2>R7: a &amp; b</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<tr><td>3</td><td></td><td>touch</td><td></td><td></td><td>reserved</td></tr>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;free&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<free>", page, StringComparison.Ordinal);
        Assert.Contains("<pre>schedule 1 R7 seed 1: one*2 two</pre>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TAG-1")]
    [InlineData("PIN-1")]
    [InlineData("Deadlock")]
    public void LawsHaveWords(string law) => Assert.NotEmpty(LawWords.Of(law));

    [Fact]
    public void WhatIsNoLawHasNone() => Assert.Empty(LawWords.Of("NullReferenceException"));
}
