using System.Collections.Concurrent;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Engines;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Sweeps.Tests;

/// <summary>The engine in process computes each cell once, keeps it, and is the same on any number of threads.</summary>
public sealed class LocalEngineTests
{
    [Fact]
    public void ResultsAreTheSameBytesOnAnyNumberOfThreads()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        foreach (int threads in new[] { 1, 2, 7 })
        {
            stage.Run(plan, $"on-{threads}", threads);
        }

        Assert.Equal(4, stage.FilesIn("on-1").Count);
        Assert.Equal(stage.FilesIn("on-1"), stage.FilesIn("on-2"));
        Assert.Equal(stage.FilesIn("on-1"), stage.FilesIn("on-7"));
    }

    [Fact]
    public void WhatIsDoneIsNotDoneAgain()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        ConcurrentBag<Cell> computed = [];
        for (int time = 0; time < 2; time++)
        {
            stage.Run(plan, "out", threads: 3, (cell, cancellation) =>
            {
                computed.Add(cell);
                return SweepStage.Computed(cell, cancellation);
            });
        }

        Assert.Equal(plan.Count, computed.Count);
    }

    [Fact]
    public void ACellThatBreaksThreeTimesIsSetAsideWithItsError()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        int tries = 0;
        CellOutcome Breaking(Cell cell, CancellationToken cancellation) => cell is { Design: "packed:slack=10", Seed: 2 }
            ? throw new InvalidOperationException($"try {Interlocked.Increment(ref tries)}") : SweepStage.Computed(cell, cancellation);

        stage.Run(plan, "out", threads: 2, Breaking);
        using ResultFolder again = stage.Open(plan);

        // One of each recording.
        Assert.Equal((6, plan.Count, 2), (tries, again.Count, again.SetAside.Count));
        Assert.All(again.SetAside, line =>
            Assert.Matches(@"--design packed:slack=10 --full --seed 2\tInvalidOperationException: try \d", line));
        Assert.Equal(plan.Count - 2, stage.KeysIn("out").Count);
    }

    [Fact]
    public void ACellThatBreaksOnceIsDone()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        ConcurrentDictionary<Cell, bool> broken = new();

        stage.Run(plan, "out", threads: 2, (cell, cancellation) => broken.TryAdd(cell, true)
            ? throw new InvalidOperationException("once") : SweepStage.Computed(cell, cancellation));

        Assert.Equal(plan.Count, stage.KeysIn("out").Distinct().Count());
    }

    [Fact]
    public void WhoIsToldToStopKeepsWhatWasDone()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        using CancellationTokenSource stop = new();
        using (ResultFolder results = stage.Open(plan))
        {
            LocalEngine engine = new(plan, results, (cell, cancellation) =>
            {
                if (cell.Seed == 2)
                {
                    stop.Cancel();
                    cancellation.ThrowIfCancellationRequested();
                }

                return SweepStage.Computed(cell, cancellation);
            }, threads: 1);
            Assert.ThrowsAny<OperationCanceledException>(() => engine.Run(cancellation: stop.Token));
        }

        using ResultFolder again = stage.Open(plan);
        Assert.InRange(again.Count, 3, 4);
    }

    /// <summary>The bundled recording: what a cell gives is what compare gives, whoever else computes beside it.</summary>
    [Fact]
    public void ACellIsWhatTheLibraryGives()
    {
        string samples = Path.Combine(AppContext.BaseDirectory, "samples");
        SweepPlan plan = SweepPlan.Of(Experiments.ExperimentFile.Read(Path.Combine(samples, "sweep.json")));
        CellRunner runner = new(plan.Inputs);
        int index = Enumerable.Range(0, plan.Count).First(at => plan[at] is { Design: "tag-blocks", Setting.Pinned: 0.1 });
        Lab.Trials.ComparisonTrial trial = new(new(Path.Combine(samples, "small.txt.zst")),
            new() { TreePath = Path.Combine(samples, "small.dtb") })
        {
            Designs = ["tag-blocks"], SnapshotPath = Path.Combine(samples, "small.snapshot"), PinnedShare = 0.1,
        };

        CellOutcome outcome = runner.Run(plan[index], TestContext.Current.CancellationToken);
        Lab.Trials.DesignResult result = trial.Run(cancellation: TestContext.Current.CancellationToken).Designs[0];

        Assert.Equal(outcome.ToBytes(), runner.Run(plan[index], TestContext.Current.CancellationToken).ToBytes());
        Assert.Equal(result.Storage.GivenBackMean * result.PageBytes / (1 << 20),
            outcome.Values[FigureColumns.Ids.ToList().IndexOf("given_back_mean_mib")]);
        Assert.Equal(result.Counts.TagMigratedFrames, outcome.Values[FigureColumns.Ids.ToList().IndexOf("migrations")]);
    }

    /// <summary>Its cells would be kept under the key of what it was.</summary>
    [Fact]
    public void ARecordingThatChangesMeanwhileGivesNoResult()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();
        File.AppendAllText(stage["one.dat"], "more");

        CellRunner runner = new(plan.Inputs);

        Assert.Contains("the file has changed since the sweep began", Assert.Throws<InvalidDataException>(() =>
            runner.Run(plan[0], TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCannotBeReadIsRefusedInTheSameWordsEverywhere()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();

        CellOutcome outcome = new CellRunner(plan.Inputs).Run(plan[0], TestContext.Current.CancellationToken);

        Assert.Equal(CellStatus.Refused, outcome.Status);
        Assert.StartsWith("one.dat: ", outcome.Text, StringComparison.Ordinal);
    }
}
