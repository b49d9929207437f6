using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>palimpsest run: what a person and a script get of a closed loop.</summary>
public sealed class RunTests
{
    private static readonly string[] Small = ["--ram", "16M", "--steps", "300", "--cpus", "2"];

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
        Assert.All((string[])["static", "no-mte", "zone-metadata", "cma-no-tagged", "tag-blocks"], name => Assert.Contains($"\n{name} ", first.Output, StringComparison.Ordinal));
        Assert.All(first.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void MemoryGivenBackSavesSwap()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run(
            ["run", "phone", "--design", "static", "--design", "cma-no-tagged", "--ram", "32M", "--steps", "800", "--tagged", "0.1", "--json", folder["a.json"], "--quiet"]);

        Assert.Equal((0, "", ""), (finished.ExitCode, finished.Output, finished.Errors));
        JsonElement root = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement;
        Assert.Equal(("palimpsest.run", 1, "phone"), (root.GetProperty("format").GetString(), root.GetProperty("version").GetInt32(), root.GetProperty("workload").GetString()));
        JsonElement today = root.GetProperty("designs")[0];
        JsonElement lent = root.GetProperty("designs")[1];
        Assert.Equal(0, today.GetProperty("given_back_mean_mib").GetDouble());
        Assert.True(lent.GetProperty("given_back_mean_mib").GetDouble() > 0.5);
        Assert.True(lent.GetProperty("swap_outs").GetInt64() < today.GetProperty("swap_outs").GetInt64());
    }

    [Theory]
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
