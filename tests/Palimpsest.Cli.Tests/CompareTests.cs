using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>The main job, as a user runs it.</summary>
public sealed class CompareTests
{
    [Fact]
    public void TheTableOfTheReadmeIsWhatTheProgramPrints()
    {
        Finished finished = CommandLine.Run("compare");
        string readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        string shown = readme.Split("$ ./palimpsest compare\n")[1].Split("```")[0].TrimEnd();

        Assert.Equal(0, finished.ExitCode);
        Assert.Equal(Trimmed(shown), Trimmed(finished.Output)[..Trimmed(shown).Length]);
        Assert.Equal("", finished.Errors);
    }

    [Fact]
    public void EitherEngineHasARowThatSaysWhich()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run("compare", "--both-engines", "--design", "packed", "--design", "migrate-metadata",
            "--csv", folder["csv"]);
        string[] rows = File.ReadAllLines(Path.Combine(folder["csv"], "designs.csv"));

        Assert.Equal(0, finished.ExitCode);
        Assert.Equal(["packed", "migrate-metadata", "migrate-metadata"], rows[1..].Select(row => row.Split(',')[0]));
        Assert.All([("fast-path=off", 1), ("fast-path=on", 1)], row => Assert.Equal(row.Item2, finished.Output.Split('\n')
            .Count(line => line.Trim() == row.Item1)));
        Assert.NotEqual(rows[2], rows[3]);
    }

    [Fact]
    public void NoLineIsWiderThanAHundredColumns()
    {
        Finished finished = CommandLine.Run("compare");

        Assert.All(finished.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void JsonHasTheNamesThatOthersRelyOn()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run("compare", "--design", "static", "--design", "no-mte", "--design",
            "cma-no-tagged:fast-path=off", "--json", folder["a.json"], "--quiet");

        Assert.Equal((0, ""), (finished.ExitCode, finished.Output));
        JsonElement root = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement;
        Assert.Equal(("palimpsest.compare", 1, "flag"),
            (root.GetProperty("format").GetString(), root.GetProperty("version").GetInt32(), root.GetProperty("tag_source").GetString()));
        RequireNames(root.GetProperty("input"), "format", "events", "allocations", "frees", "tagged_allocations", "lost_events",
            "unknown_frees", "live_reallocations", "failed_allocations");
        RequireNames(root.GetProperty("board"), "ram_bytes", "carve_out_bytes", "page_bytes", "regions");
        RequireNames(root.GetProperty("board").GetProperty("regions")[0], "base", "bytes", "block_bytes", "covers_base", "covers_bytes");
        JsonElement[] designs = [.. root.GetProperty("designs").EnumerateArray()];
        Assert.Equal(["static", "no-mte", "cma-no-tagged"], designs.Select(design => design.GetProperty("name").GetString()));
        foreach (JsonElement design in designs)
        {
            RequireNames(
                design,
                "name", "parameters", "given_back_mean_mib", "given_back_min_mib", "given_back_mean_percent", "used_as_data_mean_mib",
                "used_as_data_max_mib", "reserved_mean_mib", "reserved_max_mib", "block_fill_mean", "reserved_over_ideal", "migrations",
                "migrated_mib", "refused_tagged_allocations", "failed_allocations", "extfrag_events", "law_violations");
            RequireNames(design.GetProperty("reservations"), "already", "free", "migrate", "failed");
            RequireNames(design.GetProperty("reserve_latency_modelled_ns"), "p50", "p99", "max");
            Assert.Equal(0, design.GetProperty("law_violations").GetInt32());
        }

        Assert.Equal((0.0, 100.0),
            (designs[0].GetProperty("given_back_mean_percent").GetDouble(), designs[1].GetProperty("given_back_mean_percent").GetDouble()));
        Assert.Contains("fast-path=off", designs[2].GetProperty("parameters").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameInputGivesTheSameBytes()
    {
        using TemporaryFolder folder = new();
        foreach (string run in new[] { "a", "b" })
        {
            CommandLine.Run("compare", "--json", folder[run + ".json"], "--csv", folder[run], "--html", folder[run + ".html"], "--quiet");
        }

        foreach (string file in new[] { ".json", ".html", "/designs.csv", "/timeline.csv" })
        {
            Assert.Equal(File.ReadAllBytes(folder["a" + file]), File.ReadAllBytes(folder["b" + file]));
        }
    }

    [Fact]
    public void ARecordingMayComeFromStandardInput()
    {
        Finished finished = CommandLine.Run(File.ReadAllBytes(CommandLine.SampleTrace), "compare", "-", "--board", CommandLine.SampleBoard,
            "--design", "static");

        Assert.Equal(0, finished.ExitCode);
        Assert.Contains("190,725 events", finished.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("16K")]
    [InlineData("64K")]
    public void LargerPagesReplayToo(string size)
    {
        Finished finished = CommandLine.Run("compare", CommandLine.SampleTrace, "--ram", "64G", "--page-size", size, "--design",
            "cma-no-tagged", "--design", "tag-blocks");

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
    }

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd()));

    private static void RequireNames(JsonElement element, params string[] names) =>
        Assert.All(names, name => Assert.True(element.TryGetProperty(name, out _), $"'{name}' is missing"));

    [Fact]
    public void OneProcessIsReplayedWithAllThatHappensToItsPages()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run("compare", "--design", "static", "--process", "redis*", "--json", folder["a.json"]);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains("pages allocated by redis*", finished.Output.Replace("\n", " ", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--process nosuch", "no allocation is left by the filters")]
    [InlineData("--tag-source snapshot", "--snapshot DIR")]
    [InlineData("--tag-source policy:nosuch", "no page of such a process is in the recording")]
    [InlineData("--used 1G", "the snapshot tells what is in use")]
    [InlineData("--design cma-no-tagged:block=64X", "a size up to 16M, e.g. 64K")]
    [InlineData("--from 5 --to 3", "the first not after the last")]
    public void WhatLeavesNothingToReplayIsRefused(string arguments, string expected)
    {
        Finished finished = CommandLine.Run(["compare", .. arguments.Split(' ')]);

        Assert.Equal((64, ""), (finished.ExitCode, finished.Output));
        Assert.Contains(expected, finished.Errors, StringComparison.Ordinal);
    }
}
