using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;

namespace Palimpsest.Summaries.Tests;

/// <summary>What a sweep tells, counted by hand: who is best in how many settings, by how much, and who is on the front.</summary>
public sealed class SummaryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palimpsest-summary-");

    /// <summary>
    /// Two recordings with two seeds: packed is best with the first, tag-blocks with the second, cells give back most and lose too much,
    /// and first-use breaks a law.
    /// </summary>
    [Fact]
    public void EachDesignIsBestWhereItIs()
    {
        using ResultTable table = Swept((design, isFirst, _) => design switch
        {
            "static" => Figures(given: 0, net: 0, cost: 0),
            "packed" => Figures(given: isFirst ? 64 : 60, net: isFirst ? 60 : 58, cost: 2),
            "tag-blocks" => Figures(given: isFirst ? 63.5 : 62, net: 50, cost: 1),
            "cells" => Figures(given: 64, net: 64, cost: 3, lost: 200),
            _ => Figures(given: 64, net: 64, cost: 0.5, broken: 1),
        });
        SweepSummary summary = SweepSummary.Of(table);
        DesignSummary Of(string label) => summary.Designs.Single(design => design.Label == label);

        Assert.Equal((20, 20L), (summary.Planned, summary.Done));
        Assert.Equal((2L, 2L, 0L, 4L), (Of("packed").BestIn, Of("packed").AsGoodIn, Of("packed").OutIn, Of("packed").Cells));
        Assert.Equal((2L, 4L), (Of("tag-blocks").BestIn, Of("tag-blocks").AsGoodIn));
        Assert.Equal((0L, 4L), (Of("cells").BestIn, Of("cells").OutIn));
        Assert.Equal((0L, 4L), (Of("first-use").BestIn, Of("first-use").OutIn));
        Assert.Equal(100 * 2 / 64.0, Of("packed").WorstRegret!.Value, 9);
        Assert.Equal(100 * 0.5 / 64.0, Of("tag-blocks").WorstRegret!.Value, 9);
        Assert.Equal(["packed", "tag-blocks"],
            summary.Designs.Where(design => design.IsOnFront).Select(design => design.Label).Order());
        Assert.True(Of("static").IsBound);
        Assert.Equal(4, summary.Broken);
    }

    [Fact]
    public void ChanceIsToldFromWhatADesignDoes()
    {
        using ResultTable table = Swept((_, _, seed) => Figures(given: 60, net: 30 + seed, cost: 1));

        Lab.Metrics.Estimate seeds = SweepSummary.Of(table).Designs.Single(design => design.Label == "packed").OverSeeds!.Value;

        Assert.Equal(100 * 31.5 / 64, seeds.Mean, 9);
        Assert.Equal(Lab.Metrics.Estimate.Of([100 * 31 / 64.0, 100 * 32 / 64.0]), seeds);
    }

    [Theory]
    [InlineData("copy cells to '/tmp/none.csv'", "give one SELECT")]
    [InlineData("attach '/tmp/none.db' as other", "give one SELECT")]
    [InlineData("select 1; select 2", "give one SELECT")]
    [InlineData("", "give one SELECT")]
    [InlineData("select * from read_text('/etc/hostname')", "Permission Error")]
    [InlineData("selec 1", "syntax error")]
    public void AQuestionIsOneSelectAndReadsNothingElse(string sql, string expected)
    {
        using ResultTable table = Swept((_, _, _) => Figures(given: 1, net: 1, cost: 1));

        Assert.Contains(expected, Assert.Throws<UsageException>(() => table.Ask(sql)).Message, StringComparison.Ordinal);
        Assert.Equal(20L, Convert.ToInt64(table.Ask("select count(*) from cells").Rows[0][0], null));
    }

    [Fact]
    public void CsvHasEveryCellOnceAndReadsBack()
    {
        using ResultTable table = Swept((_, _, seed) => Figures(given: seed / 3.0, net: 0, cost: 0));
        using StringWriter text = new();
        SummaryCsv.Write(text, table.Ask("select recording, label, seed, given_back_mean_mib from cells order by all"));
        string[] lines = text.ToString().TrimEnd('\n').Split('\n');

        Assert.Equal(21, lines.Length);
        Assert.Equal("recording,label,seed,given_back_mean_mib", lines[0]);
        Assert.Equal("\"odd, \"\"name\"\" <script>.dat\",cells,1,0.3333333333333333", lines[1]);
        Assert.Equal(20, table.Ask(SummaryCsv.AllCells).Rows.Count);
    }

    [Fact]
    public void ThePageHasEveryCommandAndNoMarkupOfAnInput()
    {
        using ResultTable table = Swept((_, _, _) => Figures(given: 1, net: 1, cost: 1));
        using StringWriter page = new();
        SummaryHtml.Write(page, table, SweepSummary.Of(table));
        string html = page.ToString();

        Assert.Equal(20, html.Split("palimpsest compare ").Length - 1);
        Assert.DoesNotContain("name\" <script>", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("</script>").Length - 1);
        Assert.Contains("default-src &#39;none&#39;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderWithoutResultsIsRefused() => Assert.Contains("no results of a sweep",
        Assert.Throws<MissingInputException>(() => ResultTable.Open(_folder.FullName)).Message, StringComparison.Ordinal);

    [Fact]
    public void AQuestionThatIsNoneIsOneSentence()
    {
        using ResultTable table = Swept((_, _, _) => Figures(given: 1, net: 1, cost: 1));

        Assert.DoesNotContain('\n', Assert.Throws<UsageException>(() => table.Ask("select x from cells")).Message);
        Assert.Throws<UsageException>(() => table.Ask("drop table cells"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ResultTable Swept(Func<string, bool, ulong, CellOutcome> cell)
    {
        const string first = "odd, \"name\" <script>.dat";
        File.WriteAllText(Path.Combine(_folder.FullName, first), "1");
        File.WriteAllText(Path.Combine(_folder.FullName, "second.dat"), "2");
        string file = Path.Combine(_folder.FullName, "x.json");
        File.WriteAllText(file, """
            { "format": "palimpsest.sweep", "version": 1, "recordings": [{ "files": "*.dat", "ram_mib": 64 }],
              "compare": { "views": ["full"] },
              "designs": [{ "name": "static" }, { "name": "packed" }, { "name": "tag-blocks" }, { "name": "cells" },
                { "name": "first-use" }],
              "seeds": [1, 2] }
            """);
        SweepPlan plan = SweepPlan.Of(ExperimentFile.Read(file));
        string folder = Path.Combine(_folder.FullName, "out");
        using (ResultFolder results = ResultFolder.Open(folder, plan, batchCells: 7))
        {
            new LocalEngine(plan, results, (one, _) => cell(one.Design, one.Setting.Recording!.Name == first, one.Seed), threads: 2)
                .Run(cancellation: TestContext.Current.CancellationToken);
        }

        return ResultTable.Open(folder);
    }

    private static CellOutcome Figures(double given, double net, double cost, double lost = 0, double broken = 0)
    {
        double?[] values = new double?[FigureColumns.Ids.Count];
        foreach ((string id, double value) in new[]
        {
            (FigureColumns.CarveOut, 64), (FigureColumns.TaggedAllocations, 10_000), ("given_back_mean_mib", given),
            ("given_back_min_mib", given), ("net_given_mean_mib", net), ("tag_storage_modelled_s", cost),
            ("refused_tagged_allocations", lost),
            ("failed_allocations", 0), ("law_violations", broken),
        })
        {
            values[FigureColumns.Ids.ToList().IndexOf(id)] = value;
        }

        return new CellOutcome(CellStatus.Done, Text: null, values);
    }
}
