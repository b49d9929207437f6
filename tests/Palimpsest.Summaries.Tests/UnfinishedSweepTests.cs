using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Results;
using Palimpsest.Vocabulary;
using static Palimpsest.Summaries.Tests.SummaryStage;

namespace Palimpsest.Summaries.Tests;

/// <summary>A sweep that runs or was stopped: what is done is told, in a file of results or not, and each cell once.</summary>
public sealed class UnfinishedSweepTests : IDisposable
{
    private readonly SummaryStage _stage = new();

    /// <summary>Stopped after any number of cells, some of them in files and some in the journal alone.</summary>
    [Fact]
    public void WhateverIsDoneIsThereOnce()
    {
        SweepPlan plan = _stage.Plan();
        for (int done = 1; done <= plan.Count; done++)
        {
            using (ResultFolder results = _stage.Results(plan))
            {
                Assert.True(results.Commit((done * 7) % plan.Count, Figures(given: done)));
            }

            using ResultTable table = ResultTable.Open(_stage.Folder);
            QueryAnswer answer = table.Ask("select count(*), count(distinct cell), sum(given_back_mean_mib) from cells");

            Assert.Equal([(long)done, (long)done, done * (done + 1) / 2.0], answer.Rows[0].Select(Convert.ToDouble).Cast<object>()
                .Select((value, at) => at < 2 ? (object)Convert.ToInt64(value, null) : value));
            Assert.Equal(done, SweepSummary.Of(table).Done);
        }
    }

    [Fact]
    public void ASweepThatRunsCanBeAsked()
    {
        SweepPlan plan = _stage.Plan();
        using ResultFolder results = _stage.Results(plan);
        results.Commit(3, Figures(given: 32));
        using ResultTable table = ResultTable.Open(_stage.Folder);
        SweepSummary summary = SweepSummary.Of(table);

        Assert.Equal((20, 1L), (summary.Planned, summary.Done));
        Assert.Equal(50, summary.Designs.Single().Given);
        Assert.Equal("Only 1 of 20 cells are done: palimpsest sweep goes on.", SweepAnswer.Of(summary)[^1]);
    }

    /// <summary>The rows of the journal are those that the file of results has when it is written.</summary>
    [Fact]
    public void ARowIsTheSameBeforeAndAfterItsFile()
    {
        SweepPlan plan = _stage.Plan(""" "compare": { "views": ["replay", "full"] }, "run": [{ "workload": "phone", "steps": 5 }] """);
        string before = "";
        using (ResultFolder results = _stage.Results(plan, batchCells: plan.Count))
        {
            for (int index = 0; index < plan.Count; index++)
            {
                before = index == plan.Count - 1 ? Rows("'" + plan.KeyOf(0, BuildIdentity.Current) + "'") : "";
                results.Commit(index, Figures(given: index / 3.0));
            }
        }

        Assert.Single(ResultFiles.All(_stage.Folder));
        Assert.Equal(before, Rows("'" + plan.KeyOf(0, BuildIdentity.Current) + "'"));
        Assert.Contains("packed", Rows($"'{plan.KeyOf(1, BuildIdentity.Current)}'"), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasSetAsideIsCountedAndNoGap()
    {
        SweepPlan plan = _stage.Plan();
        using (ResultFolder results = _stage.Results(plan, batchCells: 10))
        {
            for (int index = 0; index < plan.Count - 1; index++)
            {
                results.Commit(index, index % 9 == 0 ? CellOutcome.Failed("it broke") : Figures(given: 1));
            }
        }

        using ResultTable table = ResultTable.Open(_stage.Folder);
        SweepSummary summary = SweepSummary.Of(table);

        // Of cells 0, 9 and 18 the last is in the journal alone.
        Assert.Equal((20, 16L, 3), (summary.Planned, summary.Done, summary.SetAside));
        Assert.Equal(["Only 19 of 20 cells are done: palimpsest sweep goes on.",
            "3 cells broke three times and were set aside: set-aside.txt in the folder says how."], SweepAnswer.Of(summary).TakeLast(2));
    }

    /// <summary>Another experiment in the same folder: cells of the first are in the journal, and none of this table.</summary>
    [Fact]
    public void CellsOfAnotherPlanAreNotCounted()
    {
        using (ResultFolder results = _stage.Results(_stage.Plan()))
        {
            results.Commit(0, Figures(given: 1));
        }

        SweepPlan other = _stage.Plan(seeds: "5");
        using (ResultFolder results = _stage.Results(other))
        {
            results.Commit(2, Figures(given: 2));
        }

        using ResultTable table = ResultTable.Open(_stage.Folder);

        Assert.Equal([2.0], table.Ask("select given_back_mean_mib from cells").Rows.Select(row => (double)row[0]!));
    }

    [Fact]
    public void BeforeTheFirstCellThereIsNothingToTell()
    {
        using (_stage.Results(_stage.Plan()))
        {
        }

        Assert.Contains("no cell is done yet", Assert.Throws<InputException>(() => ResultTable.Open(_stage.Folder)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan.json", "{")]
    [InlineData("plan.json", "{\"settings\": [], \"designs\": [\"none\"], \"seeds\": []}")]
    [InlineData("journal", "00000000 no line of a journal")]
    public void WhatIsDamagedTellsNothingAndBreaksNothing(string name, string text)
    {
        using (ResultFolder results = _stage.Results(_stage.Plan()))
        {
            results.Commit(0, Figures(given: 1));
        }

        File.WriteAllText(Path.Combine(_stage.Folder, name), text);

        Assert.Throws<InputException>(() => ResultTable.Open(_stage.Folder));
    }

    [Fact]
    public void AFolderWithoutResultsIsRefused() => Assert.Contains("no results of a sweep",
        Assert.Throws<MissingInputException>(() => ResultTable.Open(_stage[""])).Message, StringComparison.Ordinal);

    [Fact]
    public void AFileThatIsNoneOfASweepIsRefusedInALine()
    {
        using (_stage.Swept(_stage.Plan(), _ => Figures(given: 1)))
        {
        }

        byte[] bytes = "PAR1 is no file of results PAR1"u8.ToArray();
        string hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes))[..32];
        File.WriteAllBytes(Path.Combine(_stage.Folder, $"cells-{hash}.parquet"), bytes);
        string message = Assert.Throws<InputException>(() => ResultTable.Open(_stage.Folder)).Message;

        Assert.Contains("is each cells-*.parquet one of a sweep?", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    public void Dispose() => _stage.Dispose();

    private string Rows(string key)
    {
        using ResultTable table = ResultTable.Open(_stage.Folder);
        using StringWriter text = new();
        SummaryCsv.Write(text, table.Ask($"select * from cells where cell = {key}"));
        return text.ToString();
    }
}
