using Palimpsest.Lab.Census;
using Palimpsest.Reports.Text;

namespace Palimpsest.Reports.Tests.Text;

/// <summary>A census on a terminal.</summary>
public sealed class CensusTextTests
{
    [Fact]
    public void TheAnswerAndTheTablesAreThere()
    {
        string text = Text(MadeUpCensus.Result);

        Assert.StartsWith("a/copy: 16.0 MiB in pages of 16 KiB; carve-out 0.5 MiB, 32 tag pages\n\nIf all anonymous memory were tagged "
            + "where it lies: 8 tag pages for 71 pages, where 3 would do: 2.67\ntimes the ideal. Of the carve-out 0.4 MiB (75.0 %) are "
            + "given back; 90.6 % could be.\n", text, StringComparison.Ordinal);
        Assert.Contains("in huge pages                       64           2           2    1.00    32.0\n", text, StringComparison.Ordinal);
        Assert.Contains("                     1         5  ##############################################\n", text,
            StringComparison.Ordinal);
        Assert.Contains("Beside them in these blocks lie: slab 54.1 %, free 45.9 %.\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("whose they are", text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNothingIsACandidateThatIsSaid()
    {
        string text = Text(MadeUpCensus.Empty);

        Assert.Contains("Nothing would need tags if all anonymous memory were tagged.\nNo page is anonymous.\n", text,
            StringComparison.Ordinal);
        Assert.Contains("all                                  0           0           0       -       -\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesCannotCommandTheTerminalAndTwelveAreEnough()
    {
        string text = Text(MadeUpCensus.Hostile);

        Assert.DoesNotContain('\e', text);
        Assert.Contains("48 more have less; --json has all\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void LinesOfOneAfterAnotherHaveOneScale()
    {
        CensusLine line = new();
        string first = line.Of(new CensusMoment(0, MadeUpCensus.Lying((4, 24)), 50));
        string second = line.Of(new CensusMoment(5.04, MadeUpCensus.Lying((4, 12)), 75));
        string third = line.Of(new CensusMoment(10, MadeUpCensus.Lying((1, 480)), 0));

        Assert.Equal("     0.0          96         24        3   8.00    50.0  ###---------------------", first);
        Assert.Equal("     5.0          48         12        2   6.00    75.0  ##----------", second);
        Assert.EndsWith("  ###############------------------------->", third, StringComparison.Ordinal);
        Assert.All(new[] { first, second, third, CensusLine.Heading }, text => Assert.InRange(text.Length, 1, 100));
        Assert.Equal("     0.0           0          0        0      -   100.0",
            new CensusLine().Of(new CensusMoment(0, MadeUpCensus.Lying(), 100)));
    }

    private static string Text(CensusResult census)
    {
        using StringWriter text = new();
        CensusTable.Write(new Terminal(text, hasStyles: false), census);
        return text.ToString();
    }
}
