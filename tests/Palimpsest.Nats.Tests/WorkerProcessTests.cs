using System.Diagnostics;
using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Sweeps.Results;

namespace Palimpsest.Nats.Tests;

/// <summary>The program itself, in processes that are killed: the sample sweep over three workers.</summary>
public sealed class WorkerProcessTests
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples", "sweep.json");

    /// <summary>One of three workers is killed with -9, then the server, then the sweep, which is started again.</summary>
    [Fact]
    public void WhoeverIsKilledEveryCellIsThereOnce()
    {
        using NatsStage stage = new();
        if (stage.Server is null)
        {
            return;
        }

        string[] sweep = ["sweep", Sample, "--out", stage["swept"], "--engine", stage.Server.Url, "--quiet"];
        Process[] workers = [.. Enumerable.Range(0, 3).Select(number => Start("worker", stage.Server.Url, "--threads", "1", "--cache",
            stage[$"inputs-{number}"], "--quiet"))];
        try
        {
            using (Process first = Start(sweep))
            {
                WaitFor(() => LinesIn(stage["swept/journal"]) >= 6);
                workers[0].Kill();
                WaitFor(() => LinesIn(stage["swept/journal"]) >= 12);
                stage.Server.Restart(TimeSpan.FromSeconds(1));
                WaitFor(() => LinesIn(stage["swept/journal"]) >= 18);
                first.Kill();
                first.WaitForExit();
            }

            using Process second = Start(sweep);
            Assert.True(second.WaitForExit(TimeSpan.FromSeconds(120)));
            Assert.Equal(0, second.ExitCode);
        }
        finally
        {
            foreach (Process worker in workers)
            {
                worker.Kill();
                worker.WaitForExit();
                worker.Dispose();
            }
        }

        using (Process local = Start("sweep", Sample, "--out", stage["local"], "--quiet"))
        {
            local.WaitForExit();
        }

        Assert.Single(stage.FilesIn("swept"));
        Assert.Equal(stage.FilesIn("local"), stage.FilesIn("swept"));
        SweepPlan plan = SweepPlan.Of(ExperimentFile.Read(Sample));
        using ResultFolder results = ResultFolder.Open(stage["swept"], plan);
        Assert.Equal((plan.Count, 0), (results.Count, results.SetAside.Count));
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "palimpsest.dll"), .. arguments]))!;

    private static int LinesIn(string journal)
    {
        if (!File.Exists(journal))
        {
            return 0;
        }

        using FileStream file = new(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file);
        return reader.ReadToEnd().Count(letter => letter == '\n');
    }

    private static void WaitFor(Func<bool> holds)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(90), "nothing happens");
            Thread.Sleep(10);
        }
    }
}
