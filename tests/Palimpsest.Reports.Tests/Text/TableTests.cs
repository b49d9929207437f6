using Palimpsest.Lab.ClosedLoops;
using Palimpsest.Lab.Trials;
using Palimpsest.Reports.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>Tables for people: a row a design, at most a hundred columns, stars where the ranking says so.</summary>
public sealed class TableTests
{
    private static readonly ComparisonResult Tiny = TinyComparison.Run();

    private static string[] Lines(ComparisonResult result, bool hasStyles = false)
    {
        using StringWriter text = new();
        ComparisonTable.Write(new Terminal(text, hasStyles), result);
        return text.ToString().Split('\n');
    }

    private static string[] Lines(LoopResult result)
    {
        using StringWriter text = new();
        LoopTable.Write(new Terminal(text, hasStyles: false), result);
        return text.ToString().Split('\n');
    }

    private static string Row(string[] lines, string name) => lines.Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));

    [Fact]
    public void NoLineIsWiderThanAHundredColumnsWhateverIsBroken()
    {
        LawViolation broken = new("TAG-1", string.Join(' ', Enumerable.Repeat("frame", 40)));
        string[] lines = Lines(Tiny with { Designs = [.. Tiny.Designs.Select(design => design with { Violations = [broken, broken] })] });

        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.Contains(lines, line => line.StartsWith("tag-blocks: 2 laws broken, first TAG-1", StringComparison.Ordinal));
    }

    [Fact]
    public void HeadingsStandOverTheEndsOfTheirFigures()
    {
        string[] lines = Lines(Tiny);
        string row = Row(lines, "static");

        Assert.Equal(lines[3].Length, row.Length);
        Assert.Equal("mean    min     %   mean      max /ideal stranded   moved  busy    lost    p99", lines[3][22..]);
    }

    [Fact]
    public void AStarTakesTheLastPlaceOfTheMarginSoThatFiguresStayInLine()
    {
        string[] lines = Lines(Tiny);
        string[] rows = [.. Tiny.Designs.Select(design => Row(lines, design.Design.Name))];

        Assert.Contains(rows, row => row.Contains('*', StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Equal(lines[3].Length, row.Length));
        Assert.Equal(Lines(Tiny).Select(line => line.Length), Lines(Tiny, hasStyles: true)
            .Select(line => line.Replace("\e[1m", "", StringComparison.Ordinal).Replace("\e[0m", "", StringComparison.Ordinal).Length));
    }

    [Fact]
    public void WhatIsUsedIsNotSaidWhereAReplayCannotKnow()
    {
        ComparisonResult unmet = Tiny with { Designs = [.. Tiny.Designs.Select(design => design with { KnowsUse = false })] };

        Assert.Equal("-", Row(Lines(unmet), "static").Split(' ', StringSplitOptions.RemoveEmptyEntries)[4]);
        Assert.NotEqual("-", Row(Lines(Tiny), "static").Split(' ', StringSplitOptions.RemoveEmptyEntries)[4]);
    }

    [Fact]
    public void LargeMachinesAreToldInWholeMebibytes()
    {
        ComparisonResult huge = Tiny with { Designs = [.. Tiny.Designs.Select(design => design with { PageBytes = 1 << 26 })] };

        Assert.DoesNotContain('.', Row(Lines(huge), "no-mte")[18..33]);
    }

    [Fact]
    public void PagesThatTurnedTaggedLaterAreToldInTheFirstLine() =>
        Assert.Contains(" tagged allocations and 1,234 late; ", Lines(Tiny with { Workload = Tiny.Workload with { LateTags = 1234 } })[0],
            StringComparison.Ordinal);

    [Fact]
    public void AssumptionsAreIndentedBelowTheTable() => Assert.Contains("  Nothing is assumed.", Lines(Tiny));

    [Fact]
    public void ALoopTellsWhatIsSavedWhereThatIsKnown()
    {
        LoopDesignResult row = new(
            Tiny.Designs[0].Design, 4096, Tiny.Designs[0].Storage, new DesignCounts(),
                new LoopCounts { SwapOuts = 12_345, FilePagesDropped = 55, OomKills = 2 }, 1, []);
        LoopResult result = new(
            "phone", new LoopParameters(10_240, 800, 0.1, 0.6, 1), Tiny.Board, 4096,
                [row, row with { Design = row.Design with { Name = "other" }, SavedShare = -1.367 }]);
        string[] lines = Lines(result);

        Assert.StartsWith("phone: 800 steps on 40 MiB, 10 % to 60 % tagged, seed 1; RAM 64 MiB, carve-out ", lines[0],
            StringComparison.Ordinal);
        Assert.EndsWith("12.3    0.0     0.1    2       -", Row(lines, "static"), StringComparison.Ordinal);
        Assert.EndsWith("-136.7 %", Row(lines, "other"), StringComparison.Ordinal);
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
    }
}
