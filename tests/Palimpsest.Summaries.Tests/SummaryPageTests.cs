using Palimpsest.Sweeps.Cells;
using static Palimpsest.Summaries.Tests.SummaryStage;

namespace Palimpsest.Summaries.Tests;

/// <summary>A sweep on a page and a terminal: every command, no markup of an input, no path of a sender.</summary>
public sealed class SummaryPageTests : IDisposable
{
    private readonly SummaryStage _stage = new();

    [Fact]
    public void ThePageHasEveryCommandAndNoMarkupOfAnInput()
    {
        using ResultTable table = _stage.Swept(_stage.Plan(), _ => Figures(given: 1, net: 1, cost: 1));
        string html = Page(table);

        Assert.Equal(20, html.Split("palimpsest compare ").Length - 1);
        Assert.DoesNotContain("name\" <script>", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("</script>").Length - 1);
        Assert.Contains("default-src &#39;none&#39;", html, StringComparison.Ordinal);
        Assert.DoesNotContain(_stage[""].TrimEnd('/'), html, StringComparison.Ordinal);
    }

    /// <summary>Not of comparisons alone.</summary>
    [Fact]
    public void ThePageHasATableOfWhateverWasDone()
    {
        using ResultTable table = _stage.Swept(_stage.Plan(""" "run": [{ "workload": "phone", "steps": 5 }] """),
            _ => Figures(given: 1, net: 1, cost: 1));
        string html = Page(table);

        Assert.Contains("<h2>On the running system</h2>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<h2>Designs</h2>", html, StringComparison.Ordinal);
    }

    /// <summary>Paths as the experiment has them, from its folder; of absolute ones the name alone.</summary>
    [Theory]
    [InlineData("in/deep/*.dat", "palimpsest compare in/deep/a.dat ")]
    [InlineData("**/a.dat", "palimpsest compare in/deep/a.dat ")]
    [InlineData("./in/../in/deep/a.dat", "palimpsest compare in/deep/a.dat ")]
    [InlineData("/", "palimpsest compare a.dat ")]
    public void ACommandNamesItsInputsFromTheExperiment(string files, string expected)
    {
        Directory.CreateDirectory(_stage["in/deep"]);
        File.WriteAllText(_stage["in/deep/a.dat"], "a");
        string pattern = files == "/" ? _stage["in/deep/a.dat"] : files;
        SweepPlan plan = _stage.Plan($$""" "compare": {}, "about": "x" """, """{ "name": "packed" }""");
        File.WriteAllText(_stage["x.json"], File.ReadAllText(_stage["x.json"]).Replace("*.dat", pattern, StringComparison.Ordinal));
        plan = SweepPlan.Of(Sweeps.Experiments.ExperimentFile.Read(_stage["x.json"]));
        using ResultTable table = _stage.Swept(plan, _ => Figures(given: 1));

        Assert.StartsWith(expected, (string)table.Ask("select command from cells").Rows.Single()[0]!, StringComparison.Ordinal);
    }

    [Fact]
    public void ATerminalHasATableAndSaysHowManyDesignsItLeavesOut()
    {
        SweepPlan plan = _stage.Plan(designs: """{ "name": "packed", "ranges": { "slack": { "from": 1, "to": 45 } } }""", seeds: "1");
        using ResultTable table = _stage.Swept(plan, cell => Figures(given: cell.Design.Length, net: 1, cost: 0.25));
        using StringWriter text = new();
        SummaryText.Write(new Reports.Text.Terminal(text, hasStyles: false), SweepSummary.Of(table));
        string shown = text.ToString();

        Assert.StartsWith("Take packed:slack=10: best in 2 of 2 comparisons", shown, StringComparison.Ordinal);
        Assert.Contains("5 more designs: --csv - has all cells", shown, StringComparison.Ordinal);
        Assert.Equal(40, shown.Split('\n').Count(line => line.Contains("  0.2500", StringComparison.Ordinal)));
    }

    public void Dispose() => _stage.Dispose();

    private static string Page(ResultTable table)
    {
        using StringWriter page = new();
        SummaryHtml.Write(page, table, SweepSummary.Of(table));
        return page.ToString();
    }
}
