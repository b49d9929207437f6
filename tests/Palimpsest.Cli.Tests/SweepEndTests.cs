using System.Diagnostics;
using System.Globalization;

namespace Palimpsest.Cli.Tests;

/// <summary>How sweeps end: stopped in the middle, with cells that were refused, with nowhere to write.</summary>
public sealed class SweepEndTests
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "samples", "sweep.json");

    /// <summary>Less than a file of results: what is done is told, and nothing is computed for it.</summary>
    [Theory]
    [InlineData("KILL", 137)]
    [InlineData("INT", 130)]
    public void AStoppedSweepTellsWhatItHas(string signal, int code)
    {
        using TemporaryFolder folder = new();
        Assert.Equal(code, Stopped(folder["out"], signal, least: 5));
        int kept = File.ReadAllText(Path.Combine(folder["out"], "journal")).Count(letter => letter == '\n');
        Finished results = CommandLine.Run("results", folder["out"], "--html", folder["page.html"]);
        Finished counted = CommandLine.Run("results", folder["out"], "--csv", "-", "--sql",
            "select count(*), count(distinct cell) from cells where status = 'done' and command like 'palimpsest compare small.txt.zst %'");

        Assert.Empty(Directory.GetFiles(folder["out"], "*.parquet"));
        Assert.Equal((0, ""), (results.ExitCode, results.Errors));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Only {kept} of 60 cells are done"),
            results.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.EndsWith(string.Create(CultureInfo.InvariantCulture, $"\n{kept},{kept}\n"), counted.Output, StringComparison.Ordinal);
        Assert.Contains("--design static", File.ReadAllText(folder["page.html"]), StringComparison.Ordinal);
    }

    /// <summary>Whether they were refused in this call or an earlier one, and whoever is quiet.</summary>
    [Fact]
    public void CellsThatWereRefusedAreToldAndHaveACode()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.dat"], "no recording");
        File.WriteAllText(folder["x.json"], """
            { "format": "palimpsest.sweep", "version": 1, "recordings": [{ "files": "a.dat", "ram_mib": 64 }], "compare": {},
              "designs": [{ "name": "static" }, { "name": "packed" }] }
            """);
        Finished first = CommandLine.Run("sweep", folder["x.json"], "--out", folder["out"], "--quiet");
        Finished second = CommandLine.Run("sweep", folder["x.json"], "--out", folder["out"], "--quiet");
        Finished results = CommandLine.Run("results", folder["out"]);

        Assert.Equal((65, ""), (first.ExitCode, first.Output));
        Assert.Equal($"palimpsest: 2 of 2 cells were refused, which have no figures; palimpsest results {folder["out"]} says why\n",
            first.Errors);
        Assert.Equal(first, second);
        Assert.Equal(0, results.ExitCode);
        Assert.Contains("static: 1 cell without figures: a.dat: ", results.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sweep samples/sweep.json --out /proc/none")]
    [InlineData("sweep samples/sweep.json --out samples/small.dtb")]
    [InlineData("sweep samples/sweep.json --out /proc/self")]
    [InlineData("worker nats://127.0.0.1:1 --cache /proc/none")]
    [InlineData("worker nats://127.0.0.1:1 --cache samples/small.dtb")]
    public void AFolderThatCannotBeMadeHasItsCode(string call)
    {
        Finished finished = Shell.Run($"dotnet palimpsest.dll {call}");

        Assert.Equal((73, ""), (finished.ExitCode, finished.Output));
        Assert.Equal(1, finished.Errors.Count(letter => letter == '\n'));
    }

    /// <summary>Starts a sweep and sends it a signal once the folder has so many cells.</summary>
    /// <returns>Its exit code, as a shell has it.</returns>
    private static int Stopped(string folder, string signal, int least)
    {
        // Whoever runs the suite in the background has Ctrl-C ignored, and so would its children.
        using Process process = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", "dotnet",
            Path.Combine(AppContext.BaseDirectory, "palimpsest.dll"), "sweep", Sample, "--out", folder, "--quiet", "--threads", "2"]))!;
        string journal = Path.Combine(folder, "journal");
        while (!process.HasExited && !(File.Exists(journal) && new FileInfo(journal).Length > least * 400))
        {
            Thread.Sleep(5);
        }

        using Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
