using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>The sample sweep as one runs it, killed and not; what comes of it in SQL, CSV and on a page.</summary>
public sealed class SweepTests
{
    private const int Cells = 60;
    private const int Threads = 2;

    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples", "sweep.json");

    [Fact]
    public void TheSampleEndsWithinAMinuteAndSaysWhatItTells()
    {
        using TemporaryFolder folder = new();
        Stopwatch time = Stopwatch.StartNew();
        Finished swept = CommandLine.Run("sweep", Sample, "--out", folder["out"]);
        TimeSpan took = time.Elapsed;
        Finished results = CommandLine.Run("results", folder["out"], "--html", folder["page.html"]);
        Finished counted = CommandLine.Run("results", folder["out"], "--csv", "-",
            "--sql", "select count(*) as cells, count(distinct cell) as different from cells");

        Assert.Equal((0, ""), (swept.ExitCode, swept.Errors));
        Assert.InRange(took.TotalSeconds, 0, 60);
        Assert.Equal((0, "cells,different\n60,60\n"), (counted.ExitCode, counted.Output));
        Assert.Equal((0, ""), (results.ExitCode, results.Errors));
        Assert.StartsWith("Take packed", results.Output, StringComparison.Ordinal);
        Assert.Contains("\ncma-no-tagged:fast-path=off ", results.Output, StringComparison.Ordinal);
        string page = File.ReadAllText(folder["page.html"]);
        Assert.Contains("--design packed:slack=10 --full --seed 2", page, StringComparison.Ordinal);
        Assert.DoesNotContain(folder["out"], page, StringComparison.Ordinal);
    }

    /// <summary>Killed with -9 three times: what was done is not done again, the files are the same bytes as of one that was not.</summary>
    [Fact]
    public void AKilledSweepGoesOn()
    {
        using TemporaryFolder folder = new();
        CommandLine.Run("sweep", Sample, "--out", folder["whole"], "--quiet");
        int kept = 0;
        foreach (int least in new[] { 5, 20, 40 })
        {
            kept = Killed(folder["killed"], least);
            Assert.InRange(kept, least, Cells);
        }

        Finished last = CommandLine.Run("sweep", Sample, "--out", folder["killed"], "--threads", "1");

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $", {Cells - kept} of them new."), last.Output,
            StringComparison.Ordinal);
        Assert.Equal(ParquetOf(folder["whole"]), ParquetOf(folder["killed"]));
    }

    /// <summary>Any cell by its own command in the folder of the experiment: the same figures, from another verb and the JSON.</summary>
    [Theory]
    [InlineData("packed:slack=10", "full", 2)]
    [InlineData("tag-blocks", "replay", 0)]
    public void ACellIsRepeatedByItsCommand(string label, string view, int seed)
    {
        using TemporaryFolder folder = new();
        Directory.CreateSymbolicLink(folder["in"], Path.Combine(AppContext.BaseDirectory, "samples"));
        string parameters = label.Contains(':') ? ", \"parameters\": { \"slack\": [\"10\"] }" : "";
        File.WriteAllText(folder["x.json"], $$"""
            { "format": "palimpsest.sweep", "version": 1, "compare": { "views": ["{{view}}"], "pins": [0.1] }, "seeds": [{{seed}}],
              "recordings": [{ "files": "in/small.txt.zst", "boards": ["in/{name}.dtb"], "snapshot": "./in/small.snapshot" }],
              "designs": [{ "name": "{{label.Split(':')[0]}}"{{parameters}} }] }
            """);
        CommandLine.Run("sweep", folder["x.json"], "--out", folder["out"], "--quiet");
        string[] told = CommandLine.Run("results", folder["out"], "--csv", "-", "--sql",
            "select command, given_back_mean_mib, migrations from cells").Output.Split('\n')[1].Split(',');
        Finished again = Shell.Run($"dotnet {AppContext.BaseDirectory}palimpsest.dll {told[0]["palimpsest ".Length..]} --json - --quiet",
            Path.GetDirectoryName(folder["x.json"]));

        JsonElement design = JsonDocument.Parse(again.Output).RootElement.GetProperty("designs")[0];
        Assert.Equal(double.Parse(told[1], CultureInfo.InvariantCulture), design.GetProperty("given_back_mean_mib").GetDouble(),
            tolerance: 0.0001);
        Assert.Equal(told[2], design.GetProperty("migrations").GetInt64().ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void APlanSaysWhatItWouldTakeAndDoesNothing()
    {
        using TemporaryFolder folder = new();
        Finished plan = Shell.Run($"dotnet {AppContext.BaseDirectory}/palimpsest.dll sweep {Sample} --plan",
            Path.GetDirectoryName(folder["x"]));

        Assert.Equal((0, ""), (plan.ExitCode, plan.Errors));
        Assert.StartsWith("60 cells: 4 settings, 10 designs, 2 seeds", plan.Output, StringComparison.Ordinal);
        Assert.Equal(Cells, plan.Output.Split('\n').Count(line =>
            line.Contains("  palimpsest compare small.txt.zst ", StringComparison.Ordinal)));
        Assert.Empty(folder.Files);
    }

    [Theory]
    [InlineData(66, "sweep none.json", "none.json: no such file; check the path")]
    [InlineData(65, "sweep samples/small.dtb", "samples/small.dtb:1: ")]
    [InlineData(66, "results samples", "samples: no results of a sweep")]
    [InlineData(64, "sweep samples/sweep.json --threads 0", "--threads 0: give 1 to 1,024")]
    [InlineData(64, "sweep samples/sweep.json --creds x", "--creds: is for a server; give --engine too, or leave it out")]
    [InlineData(64, "sweep samples/sweep.json --engine nats://127.0.0.1:1 --threads 2", "--threads: with --engine workers compute")]
    [InlineData(64, "view samples/small.txt.zst --tls-ca x", "--tls-ca: is for a server; give nats://HOST:4222")]
    [InlineData(64, "view nats://127.0.0.1:1 --in samples", "--in: is for the JSON of a result")]
    [InlineData(65, "sweep /dev/null", "/dev/null:1: is empty")]
    [InlineData(64, "worker here", "here: is no address of a NATS server")]
    [InlineData(65, "worker nats://127.0.0.1:1", "nats://127.0.0.1:1: cannot be reached")]
    [InlineData(66, "worker nats://a:b@127.0.0.1:1 --creds none.creds", "none.creds: no such file")]
    public void WhatIsWrongIsOneLine(int code, string call, string expected)
    {
        Finished finished = Shell.Run($"dotnet palimpsest.dll {call}");

        Assert.Equal((code, ""), (finished.ExitCode, finished.Output));
        Assert.StartsWith("palimpsest: " + expected, finished.Errors, StringComparison.Ordinal);
        Assert.Equal(1, finished.Errors.Count(letter => letter == '\n'));
    }

    [Fact]
    public void AWrongQuestionIsOneLineAndADamagedFileToo()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["x.json"], """
            { "format": "palimpsest.sweep", "version": 1, "run": [{ "workload": "phone", "steps": 5, "ram_mib": 16 }],
              "beyond": { "programs": 1, "schedules": 2 }, "designs": [{ "name": "static" }, { "name": "packed" }], "seeds": [1, 2] }
            """);
        CommandLine.Run("sweep", folder["x.json"], "--out", folder["out"], "--quiet");
        Finished summary = CommandLine.Run("results", folder["out"]);
        Finished wrong = CommandLine.Run("results", folder["out"], "--sql", "select nothing from cells");
        string file = Directory.GetFiles(folder["out"], "*.parquet").Single();
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
        Finished damaged = CommandLine.Run("results", folder["out"]);
        Finished again = CommandLine.Run("sweep", folder["x.json"], "--out", folder["out"]);

        Assert.Equal(0, summary.ExitCode);
        Assert.Contains("\nRandom programs broke a law in 0 of 4 cells.", "\n" + summary.Output, StringComparison.Ordinal);
        Assert.Equal(64, wrong.ExitCode);
        Assert.Equal(1, wrong.Errors.Count(letter => letter == '\n'));
        Assert.Equal(65, damaged.ExitCode);
        Assert.Contains("damaged, its bytes are not those that were written", damaged.Errors, StringComparison.Ordinal);
        Assert.Contains("damaged, and kept as", again.Errors, StringComparison.Ordinal);
        Assert.Contains("8 cells in", again.Output, StringComparison.Ordinal);
        Assert.Equal(0, CommandLine.Run("results", folder["out"]).ExitCode);
    }

    /// <summary>The file of results goes where there is no room: one line, and all that was computed is in the journal.</summary>
    [Fact]
    public void ADiskThatIsFullIsOneLineAndLosesNothing()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["out"]);
        File.CreateSymbolicLink(Path.Combine(folder["out"], "batch.part"), "/dev/full");
        Finished full = CommandLine.Run("sweep", Sample, "--out", folder["out"], "--threads", $"{Threads}");
        File.Delete(Path.Combine(folder["out"], "batch.part"));
        Finished again = CommandLine.Run("sweep", Sample, "--out", folder["out"]);

        Assert.Equal((74, ""), (full.ExitCode, full.Output));
        Assert.StartsWith("palimpsest: No space left on device", full.Errors, StringComparison.Ordinal);
        Assert.Equal(1, full.Errors.Count(letter => letter == '\n'));
        Assert.Contains(", 0 of them new.", again.Output, StringComparison.Ordinal);
        Assert.Single(ParquetOf(folder["out"]));
    }

    /// <summary>Starts a sweep, kills it once the folder has so many cells, and says how many it has then.</summary>
    private static int Killed(string folder, int least)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "palimpsest.dll"), "sweep", Sample, "--out", folder, "--quiet", "--threads",
                $"{Threads}"]))!;
        string journal = Path.Combine(folder, "journal");
        while (!process.HasExited && !(File.Exists(journal) && Lines(journal) >= least))
        {
            Thread.Sleep(5);
        }

        process.Kill();
        process.WaitForExit();
        return ParquetOf(folder).Count > 0 ? Cells : Lines(journal);
    }

    private static int Lines(string journal)
    {
        using FileStream file = new(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file);
        return reader.ReadToEnd().Count(letter => letter == '\n');
    }

    private static List<string> ParquetOf(string folder) =>
        [.. Directory.GetFiles(folder, "*.parquet").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
