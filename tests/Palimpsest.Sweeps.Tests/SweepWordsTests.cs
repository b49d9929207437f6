using Palimpsest.Reports.Text;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Tests;

/// <summary>A sweep in words and figures: its plan, what it takes, how far it is, how it ended.</summary>
public sealed class SweepWordsTests : IDisposable
{
    private readonly SweepStage _stage = new();

    [Fact]
    public void APlanNamesEachCellWithItsKeyAndCommand()
    {
        SweepPlan plan = _stage.Plan();
        using StringWriter text = new();
        SweepText.WritePlan(new Terminal(text, hasStyles: false), plan, threads: 2);
        string[] lines = text.ToString().TrimEnd('\n').Split('\n');

        Assert.StartsWith("18 cells: 4 settings, 3 designs, 2 seeds where chance decides.", lines[0], StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(0, plan.Count).Select(index =>
            $"{plan.KeyOf(index, BuildIdentity.Current)}  {CellCommand.Of(plan[index])}"), lines[^plan.Count..]);
    }

    /// <summary>By the rates of bench/results/sweep.md: 1.9 s a run, 0.5 s for 400 schedules.</summary>
    [Theory]
    [InlineData("\"run\": [{ \"workload\": \"phone\" }, { \"workload\": \"server\" }]", 2 * 2 * 3 * 2.0)]
    [InlineData("\"beyond\": { \"programs\": 10, \"schedules\": 40 }", 2 * 3 * 400 * 0.0013)]
    public void WithoutRecordingsAnEstimateIsCellsByTheirRate(string what, double seconds)
    {
        SweepPlan plan = Plan(what);

        Assert.Equal(seconds, SweepEstimate.Of(plan, threads: 1).CpuSeconds, 9);
        Assert.Equal(seconds, SweepEstimate.Of(plan, threads: 8).CpuSeconds, 9);
    }

    /// <summary>A recording is read once, however many cells it has, and a compressed one has more events in as many bytes.</summary>
    [Fact]
    public void ARecordingIsCountedByItsBytesAndReadOnce()
    {
        File.WriteAllBytes(_stage["a.txt"], new byte[110_000]);
        File.WriteAllBytes(_stage["a.dat"], new byte[60_000]);
        File.WriteAllBytes(_stage["a.zst"], new byte[8_000]);
        double[] seconds = [.. new[] { "a.txt", "a.dat", "a.zst" }.Select(name => Seconds(name, "\"replay\""))];

        // A thousand events: 2,600 ns each to read, 220 for each of three designs; 450 in the full view, with two seeds.
        Assert.All(seconds, value => Assert.Equal(1000 * (2600 + (3 * 220)) / 1e9, value, 9));
        Assert.Equal(1000 * (2600 + (3 * 220) + (3 * 2 * 450)) / 1e9, Seconds("a.txt", "\"replay\", \"full\""), 9);
        double Seconds(string name, string views) => SweepEstimate.Of(
            Plan($"\"recordings\": [{{ \"files\": \"{name}\", \"ram_mib\": 64 }}], \"compare\": {{ \"views\": [{views}] }}"), 2).CpuSeconds;
    }

    [Fact]
    public void MoreMachineAndMoreThreadsTakeMoreMemory()
    {
        SweepEstimate small = SweepEstimate.Of(Plan("\"run\": [{ \"workload\": \"phone\", \"ram_mib\": 64 }]"), threads: 1);
        SweepEstimate wide = SweepEstimate.Of(Plan("\"run\": [{ \"workload\": \"phone\", \"ram_mib\": 64 }]"), threads: 8);
        SweepEstimate large = SweepEstimate.Of(Plan("\"run\": [{ \"workload\": \"phone\", \"ram_mib\": 512 }]"), threads: 1);

        Assert.Equal(wide.MemoryMib - small.MemoryMib, large.MemoryMib - small.MemoryMib, 9);
        Assert.InRange(small.MemoryMib, 90, 200);
    }

    [Fact]
    public void TheEndNamesWhatIsNewAndTheFirstErrors()
    {
        SweepPlan plan = _stage.Plan();
        using ResultFolder results = _stage.Open(plan, batchCells: 9);
        for (int index = 0; index < 9; index++)
        {
            results.Commit(index, index < 7 ? CellOutcome.Failed($"error {index}")
                : SweepStage.Computed(plan[index], CancellationToken.None));
        }

        using StringWriter text = new();
        SweepText.WriteEnd(new Terminal(text, hasStyles: false), plan, results, before: 2);
        string told = text.ToString();

        Assert.Contains("18 cells in", told, StringComparison.Ordinal);
        Assert.Contains("7 of them new.", told.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("7 cells broke three times and were set aside", told, StringComparison.Ordinal);
        Assert.Equal([true, true, true, true, true, false, false],
            Enumerable.Range(0, 7).Select(index => told.Contains($"error {index}", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(100, 10, 0, 0, 0, 2, "10 of 100 cells, 5.0 a second, 18 s left")]
    [InlineData(100, 10, 8, 0, 0, 2, "10 of 100 cells, 1.0 a second, 90 s left")]
    [InlineData(5_010, 10, 0, 0, 0, 10, "10 of 5,010 cells, 1.0 a second, 83 min left")]
    [InlineData(100_000, 10, 0, 0, 0, 10, "10 of 100,000 cells, 1.0 a second, 27.8 h left")]
    [InlineData(10, 10, 0, 2, 1, 10, "10 of 10 cells, 1.0 a second, 2 refused, 1 set aside")]
    [InlineData(10, 4, 4, 0, 0, 10, "4 of 10 cells, 0.0 a second")]
    [InlineData(10, 0, 0, 0, 0, 0, "0 of 10 cells, 0.0 a second")]
    public void ProgressIsALine(int cells, int done, int before, int refused, int setAside, double seconds, string expected)
    {
        SweepProgress progress = new(cells, done, before, refused, setAside, InFlight: 1, seconds);

        Assert.Equal(expected, progress.ToString());
        Assert.Equal(progress, SweepProgress.TryParse(progress.ToBytes()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"cells\":")]
    [InlineData("{\"cells\":\"many\"}")]
    public void WhatIsNoProgressIsNone(string text) => Assert.Null(SweepProgress.TryParse(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void ProgressIsReadFromTheFolderWhileItIsWritten()
    {
        SweepProgressFile file = new(_stage[""]);
        SweepProgress progress = new(10, 4, 1, 1, 0, 2, 3.5);
        Assert.Null(file.Read());
        file.Write(progress);

        Assert.Equal(progress, file.Read()!.Value.Progress);
        File.WriteAllText(_stage["progress.json"], "{");
        Assert.Null(file.Read());
    }

    /// <summary>Told at the end, whatever the time since: all is done, and nothing is in flight.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void TheLastThatAnEngineTellsIsTheEnd(int threads)
    {
        SweepPlan plan = _stage.Plan();
        List<SweepProgress> told = [];
        using ResultFolder results = _stage.Open(plan);
        new LocalEngine(plan, results, (cell, _) => cell.Design == "static" ? CellOutcome.Refused("no place")
            : SweepStage.Computed(cell, CancellationToken.None), threads).Run(told.Add, TestContext.Current.CancellationToken);

        SweepProgress last = told[^1];
        Assert.Equal((18, 18, 0, 6, 0, 0), (last.Cells, last.Done, last.Before, last.Refused, last.SetAside, last.InFlight));
        Assert.All(told.Zip(told.Skip(1)), pair => Assert.True(pair.First.Done <= pair.Second.Done));
        Assert.All(told, progress => Assert.InRange(progress.InFlight, 0, 2 * threads + 1));
    }

    public void Dispose() => _stage.Dispose();

    private SweepPlan Plan(string what) => SweepPlan.Of(_stage.Read($"{{ \"format\": \"palimpsest.sweep\", \"version\": 1, {what}, "
        + "\"designs\": [{ \"name\": \"static\" }, { \"name\": \"packed\" }, { \"name\": \"cells\" }], \"seeds\": [1, 2] }"));
}
