using Palimpsest.Designs;
using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>Tables for people: a row a design, at most a hundred columns, stars where the ranking says so.</summary>
public sealed class TableTests
{
    private static readonly ComparisonResult Tiny = TinyComparison.Run();

    private static string[] Lines(ComparisonResult result, bool hasStyles = false, bool isWide = false, int width = 100)
    {
        using StringWriter text = new();
        ComparisonTable.Write(new Terminal(text, hasStyles, width), result, isWide);
        return text.ToString().Split('\n');
    }

    private static string[] Lines(LoopStudy study)
    {
        using StringWriter text = new();
        LoopTable.Write(new Terminal(text, hasStyles: false), study, isWide: true);
        return text.ToString().Split('\n');
    }

    /// <summary>The second line of the headings.</summary>
    private static string Heading(string[] lines) => lines.First(line => line.StartsWith("design ", StringComparison.Ordinal));

    private static string Row(string[] lines, string name) => lines.Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));

    [Fact]
    public void NoLineIsWiderThanAHundredColumnsWhateverIsBroken()
    {
        LawViolation broken = new("TAG-1", string.Join(' ', Enumerable.Repeat("frame", 40)));
        string[] lines = Lines(Tiny with { Designs = [.. Tiny.Designs.Select(design => design with { Violations = [broken, broken] })] });

        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.Contains(lines, line => line.StartsWith("tag-blocks: 2 laws broken, first TAG-1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false, 100, "mean    min     %   lost  moved   p99")]
    [InlineData(false, 50, "mean    min     %   lost")]
    [InlineData(true, 120, "mean    min     %   lost  moved   p99      max /ideal   mean stranded  busy")]
    public void HeadingsStandOverTheEndsOfTheirFigures(bool isWide, int width, string headings)
    {
        string[] lines = Lines(Tiny, isWide: isWide, width: width);

        Assert.Equal(Heading(lines).Length, Row(lines, "static").Length);
        Assert.Equal(headings, Heading(lines)[21..]);
    }

    [Fact]
    public void SixtyColumnsAreEnough() => Assert.All(Lines(Tiny, width: 60), line => Assert.True(line.Length <= 60, line));

    [Fact]
    public void TheAnswerComesFirst()
    {
        string text = string.Join(' ', Lines(Tiny));
        string bounds = string.Join(' ', Lines(TinyComparison.Run([DesignCatalog.Parse("static")])));

        Assert.Matches(
            "^Take [a-z-]+: it gives back [0-9.]+ of 2.00 MiB, at the worst moment [0-9.]+; nothing is lost. As good, within 1 %", text);
        Assert.StartsWith("Only bounds were run: no design to recommend. Assumed: ", bounds, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsLostIsSaidBesideWhatIsGiven()
    {
        DesignResult design = MadeUp.Design with { Violations = [] };

        Assert.Contains("1,002 of 204 tagged requests are left untagged, 1,001 allocations fail. No other design was run.",
            string.Join(' ', Lines(MadeUp.Comparison(design))), StringComparison.Ordinal);
    }

    [Fact]
    public void AStarTakesTheLastPlaceOfTheMarginSoThatFiguresStayInLine()
    {
        string[] lines = Lines(Tiny);
        string[] rows = [.. Tiny.Designs.Select(design => Row(lines, design.Design.Name))];

        Assert.Contains(rows, row => row.Contains('*', StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Equal(Heading(lines).Length, row.Length));
        Assert.Equal(Lines(Tiny).Select(line => line.Length), Lines(Tiny, hasStyles: true)
            .Select(line => line.Replace("\e[1m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal).Length));
    }

    [Fact]
    public void WhatIsUsedHasNoColumnWhereAReplayCannotKnow()
    {
        ComparisonResult unmet = Tiny with { Designs = [.. Tiny.Designs.Select(design => design with { KnowsUse = false })] };

        Assert.Contains(Lines(Tiny, isWide: true), line => line.Contains("  used", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines(unmet, isWide: true), line => line.Contains("  used", StringComparison.Ordinal));
    }

    [Fact]
    public void LargeMachinesAreToldInWholeMebibytes()
    {
        ComparisonResult huge = Tiny with { Designs = [.. Tiny.Designs.Select(design => design with { PageBytes = 1 << 26 })] };

        Assert.DoesNotContain('.', Row(Lines(huge), "no-mte")[18..33]);
    }

    [Fact]
    public void PagesThatTurnedTaggedLaterAreToldInTheFirstLine() =>
        Assert.Contains(" tagged allocations and 1,234 late; ", Lines(Tiny with { Workload = Tiny.Workload with { LateTags = 1234 } })
            .First(line => line.StartsWith("tiny.txt", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void AssumptionsAreIndentedBelowTheTable() => Assert.Contains("  Nothing is assumed.", Lines(Tiny));

    [Theory]
    [InlineData(1, "other saves most with this seed, 10.0 %; one seed does not tell what is chance.", 2)]
    [InlineData(2, "Take other: it saves 10.0 % (95 %: 10.0 to 10.0) of what today's machine reclaims, and is better with 2 of 2 seeds; "
        + "2.0 processes are killed, a seed. Not to be told from it: alike.", 4)]
    public void ALoopTellsWhatIsSavedAndHowSureThatIs(int seeds, string answer, int unknown)
    {
        LoopDesignResult Row(string name, long swapOuts) => new(
            Tiny.Designs[0].Design with { Name = name, IsBound = name == "static" }, 4096, Tiny.Designs[0].Storage, new DesignCounts(),
            new LoopCounts { SwapOuts = swapOuts, FilePagesDropped = 55, OomKills = 2 }, 1, []);
        LoopStudy study = new([.. Enumerable.Range(1, seeds).Select(seed => new LoopResult(
            "phone", new LoopParameters(10_240, 800, 0.1, 0.6, (ulong)seed), Tiny.Board, 4096,
            [Row("static", 9_945), Row("other", 8_945), Row("alike", 8_945), Row("worse", 9_045 + seed)]))]);
        string[] lines = Lines(study);

        Assert.StartsWith(answer, string.Join(' ', lines), StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("phone: 800 steps on 40 MiB, 10 % to 60 % tagged, seed"
            + (seeds > 1 ? "s 1 to 2" : " 1") + "; RAM 64 MiB, carve-out ", StringComparison.Ordinal));
        Assert.Equal(unknown, TableTests.Row(lines, "static").Split(' ').Count(cell => cell == "-"));
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
    }
}
