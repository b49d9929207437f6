using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>palimpsest run: what a person and a script get of a closed loop.</summary>
public sealed class RunTests
{
    private static readonly string[] Small = ["--ram", "16M", "--steps", "300", "--cpus", "2", "--seeds", "2"];

    [Theory]
    [InlineData("server")]
    [InlineData("browser")]
    [InlineData("database")]
    [InlineData("phone")]
    public void EveryWorkloadHoldsTheLawsUnderEveryDesignTwiceTheSame(string workload)
    {
        Finished first = CommandLine.Run(["run", workload, .. Small]);
        Finished second = CommandLine.Run(["run", workload, .. Small]);

        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        Assert.Equal(first.Output, second.Output);
        Assert.All((string[])["static", "no-mte", "zone-metadata", "cma-no-tagged", "tag-blocks"],
            name => Assert.Contains($"\n{name} ", first.Output, StringComparison.Ordinal));
        Assert.All(first.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void MemoryGivenBackSavesSwap()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run(
            ["run", "phone", "--design", "static", "--design", "cma-no-tagged", "--ram", "32M", "--steps", "800", "--tagged", "0.1",
                "--seeds", "3", "--json", folder["a.json"], "--quiet"]);

        Assert.Equal((0, "", ""), (finished.ExitCode, finished.Output, finished.Errors));
        JsonElement root = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement;
        Assert.Equal(("palimpsest.run", 1, "phone"),
            (root.GetProperty("format").GetString(), root.GetProperty("version").GetInt32(), root.GetProperty("workload").GetString()));
        JsonElement today = root.GetProperty("designs")[0];
        JsonElement lent = root.GetProperty("designs")[1];
        Assert.Equal(0, today.GetProperty("given_back_mean_mib").GetDouble());
        Assert.True(lent.GetProperty("given_back_mean_mib").GetDouble() > 0.5);
        Assert.True(lent.GetProperty("swap_outs").GetDouble() < today.GetProperty("swap_outs").GetDouble());
        JsonElement saved = lent.GetProperty("saved");
        Assert.Equal((3, 3), (root.GetProperty("seeds").GetInt32(), saved.GetProperty("better_in_seeds").GetInt32()));
        Assert.InRange(saved.GetProperty("mean_percent").GetDouble(), saved.GetProperty("low_percent").GetDouble(),
            saved.GetProperty("high_percent").GetDouble());
        Assert.Equal([1, 2, 3], lent.GetProperty("per_seed").EnumerateArray().Select(seed => seed.GetProperty("seed").GetInt32()));
    }

    [Fact]
    public void WhatAMachineDoesCanBeRecordedAndCompared()
    {
        using TemporaryFolder folder = new();
        Finished recorded = CommandLine.Run(["run", "server", "--design", "static", .. Small[..^2], "--record", folder["a.dat"], "--json",
            folder["run.json"], "--quiet"]);
        Assert.Equal((0, "", ""), (recorded.ExitCode, recorded.Output, recorded.Errors));

        Finished compared = CommandLine.Run(
            "compare", folder["a.dat"], "--ram", "16M", "--design", "static", "--design", "cma-no-tagged", "--json",
                folder["compare.json"], "--quiet");

        Assert.Equal((0, "", ""), (compared.ExitCode, compared.Output, compared.Errors));
        JsonElement run = JsonDocument.Parse(File.ReadAllText(folder["run.json"])).RootElement.GetProperty("designs")[0];
        JsonElement replay = JsonDocument.Parse(File.ReadAllText(folder["compare.json"])).RootElement.GetProperty("designs")[0];
        Assert.Equal(run.GetProperty("reserved_max_mib").GetDouble(), replay.GetProperty("reserved_max_mib").GetDouble());
        Assert.Contains("server", CommandLine.Run("inspect", folder["a.dat"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsLentAboveRamIsRamToWhoeverReadsTheRecording()
    {
        using TemporaryFolder folder = new();
        CommandLine.Run("run", "camera", "--ram", "16M", "--steps", "20", "--design", "zone-metadata", "--record", folder["a.dat"]);

        Finished refused = CommandLine.Run("compare", folder["a.dat"], "--ram", "16M", "--design", "static");
        Finished compared = CommandLine.Run("compare", folder["a.dat"], "--ram", "18432K", "--design", "static");

        Assert.Equal(65, refused.ExitCode);
        Assert.Contains("in the carve-out that is assumed above RAM", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--ram 18432K", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, compared.ExitCode);
    }

    [Fact]
    public void AFullMachineHasNothingFreeAndCountsWhatTheWorkloadDidAlone()
    {
        using TemporaryFolder folder = new();
        foreach (string view in (string[])["run", "full"])
        {
            string[] full = view == "full" ? ["--full"] : [];
            Finished finished = CommandLine.Run(["run", "phone", "--ram", "16M", "--size", "4M", "--steps", "50", "--seeds", "1",
                "--design", "no-mte", "--design", "packed", "--json", folder[view], .. full]);
            Assert.Equal(0, finished.ExitCode);
            Assert.Equal(view == "full", finished.Output.Contains("page cache in all that is free", StringComparison.Ordinal));
        }

        JsonElement run = JsonDocument.Parse(File.ReadAllText(folder["run"])).RootElement;
        JsonElement filled = JsonDocument.Parse(File.ReadAllText(folder["full"])).RootElement;
        Assert.Equal(("run", "full"), (run.GetProperty("view").GetString(), filled.GetProperty("view").GetString()));
        JsonElement lone = run.GetProperty("designs")[1];
        JsonElement beside = filled.GetProperty("designs")[1];
        Assert.Equal((0, 0), (lone.GetProperty("file_reads").GetDouble(), beside.GetProperty("file_reads").GetDouble()));
        Assert.True(lone.GetProperty("used_as_data_mean_mib").GetDouble() < beside.GetProperty("used_as_data_mean_mib").GetDouble());
        Assert.True(beside.GetProperty("moves").GetProperty("guests").GetDouble() >= 0);
    }

    [Theory]
    [InlineData("run phone --ram 16M --record a.dat", "--record: a recording is of one machine; name one --design")]
    [InlineData("run phone --seeds 0", "--seeds 0: give 1 to 1,000")]
    [InlineData("run phone --design static --record a.dat --seeds 2", "a recording is of one run")]
    [InlineData("run phone --ram 1M", "more than a quarter of 1,024 KiB of RAM")]
    [InlineData("run phone --size 0", "--size 0: give the memory")]
    [InlineData("run nothing", "there is no such workload")]
    [InlineData("run phone --tagged 2", "give a share from 0 to 1")]
    [InlineData("run phone --tagged 0.1..", "give a share from 0 to 1")]
    [InlineData("run phone --steps 0", "give 1 to")]
    [InlineData("run phone --design none", "there is no design")]
    public void WhatCannotBeRunIsToldInALine(string arguments, string expected)
    {
        Finished finished = CommandLine.Run(arguments.Split(' '));

        Assert.Equal((64, ""), (finished.ExitCode, finished.Output));
        Assert.Contains(expected, finished.Errors, StringComparison.Ordinal);
        Assert.Single(finished.Errors.TrimEnd().Split('\n'));
    }
}
