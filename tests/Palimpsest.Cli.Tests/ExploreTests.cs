using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>palimpsest explore and replay: what a person and a script get of races.</summary>
public sealed class ExploreTests
{
    private static readonly string[] Few = ["--schedules", "1500", "--preemptions", "2"];

    [Fact]
    public void TheRaceOfTheReadmeIsWhatTheProgramPrints()
    {
        Finished finished = CommandLine.Run("explore", "R7");
        string readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        string shown = readme.Split("$ ./palimpsest explore R7\n")[1].Split("```")[0];

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Equal(shown, finished.Output);
    }

    [Fact]
    public void AllRacesAreARowEachAndAllOfThemHold()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run(["explore", "all", .. Few, "--json", folder["a.json"], "--html", folder["a.html"]]);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.All(finished.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));
        Assert.Contains("\nR15+  open claim, true: Livelock", finished.Output, StringComparison.Ordinal);
        JsonElement root = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement;
        Assert.Equal(("palimpsest.explore", 2), (root.GetProperty("format").GetString(), root.GetProperty("version").GetInt32()));
        JsonElement[] scenarios = [.. root.GetProperty("scenarios").EnumerateArray()];
        Assert.Equal(Palimpsest.Races.RaceCatalog.All.Count, scenarios.Length);
        string page = File.ReadAllText(folder["a.html"]);
        foreach (JsonElement scenario in scenarios)
        {
            string id = scenario.GetProperty("id").GetString()!;
            bool isOpen = id is "R15+" or "R36" or "R37";
            Assert.Contains($"\n{id,-6} {scenario.GetProperty("design").GetString()} ", finished.Output, StringComparison.Ordinal);
            Assert.Equal(scenario.GetProperty("safeguard").GetString() != "", scenario.GetProperty("found").GetBoolean());
            Assert.Equal(scenario.GetProperty("found")
                .GetBoolean(), scenario.GetProperty("schedules_to_find").ValueKind == JsonValueKind.Number);
            Assert.Equal(!isOpen, scenario.GetProperty("held").GetBoolean());
            Assert.True(isOpen
                || (scenario.GetProperty("exhaustive").GetBoolean() && scenario.GetProperty("schedules_explored").GetInt64() > 0), id);
            Assert.True(scenario.GetProperty("preemption_bound").ValueKind == JsonValueKind.Null || scenario.GetProperty("preemption_bound")
                .GetInt32() == 2, id);
            Assert.False(scenario.TryGetProperty("seconds", out _));
            Assert.Contains($"<section id=\"{id}\">", page, StringComparison.Ordinal);
            Assert.Contains(scenario.GetProperty("schedule").GetString() ?? id, page, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("R1")]
    [InlineData("R3")]
    [InlineData("R10")]
    [InlineData("R15")]
    public void OneRaceIsToldInAHundredColumnsTwiceTheSame(string id)
    {
        Finished first = CommandLine.Run(["explore", id, .. Few]);
        Finished second = CommandLine.Run(["explore", id, .. Few]);

        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        Assert.Equal(first.Output, second.Output);
        Assert.Contains("\n     broken: ", first.Output, StringComparison.Ordinal);
        Assert.Contains("\nwith all safeguards:\nheld in ", first.Output, StringComparison.Ordinal);
        Assert.All(first.Output.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void WhatBreaksWhenItIsLeftOutEndsWithOneAndWhatDoesNotWithZero()
    {
        Finished breaks = CommandLine.Run(["explore", "R1", "--design", "migrate-metadata", "--without", "fault-on-access", .. Few]);
        Finished holds = CommandLine.Run(["explore", "R7", "--without", "reserve-zero-page", .. Few]);

        Assert.Equal((1, ""), (breaks.ExitCode, breaks.Errors));
        Assert.Contains("\nwithout fault-on-access:\nfound in schedule ", breaks.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (holds.ExitCode, holds.Errors));
        Assert.Contains("\nwithout reserve-zero-page:\nheld in ", holds.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explore R99", "there is no race R99")]
    [InlineData("explore R11", "R11 is no scenario: ")]
    [InlineData("explore R7 --without luck", "there is no such safeguard")]
    [InlineData("explore R7 --design none", "there is no design")]
    [InlineData("explore R7 --schedules 0", "give 1 to")]
    [InlineData("explore R7 --preemptions 1000", "give 0 to")]
    [InlineData("explore all --without fault-on-access", "are for one race")]
    [InlineData("explore all --schedule a.schedule", "are for one race")]
    [InlineData("explore beyond --programs 0", "give 1 to")]
    [InlineData("explore beyond --design none", "there is no design")]
    [InlineData("explore R2b --design static", "cannot be set up under static: frame ")]
    public void WhatCannotBeExploredIsToldInALine(string arguments, string expected)
    {
        Finished finished = CommandLine.Run(arguments.Split(' '));

        Assert.Equal((64, ""), (finished.ExitCode, finished.Output));
        Assert.Contains(expected, finished.Errors, StringComparison.Ordinal);
        Assert.Single(finished.Errors.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("R5b")]
    [InlineData("R9")]
    [InlineData("R15+")]
    public void AScheduleThatExploreWroteFailsAlikeWhenItIsReplayed(string id)
    {
        using TemporaryFolder folder = new();
        Finished explored = CommandLine.Run(["explore", id, .. Few, "--schedule", folder["a.schedule"]]);
        Finished replayed = CommandLine.Run("replay", folder["a.schedule"]);

        Assert.Equal((1, ""), (replayed.ExitCode, replayed.Errors));
        Assert.Contains(replayed.Output[..replayed.Output.LastIndexOf("     schedule", StringComparison.Ordinal)], explored.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void RandomProgramsAreARowForEachDesign()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run("explore", "beyond", "--programs", "2", "--schedules", "3", "--json", folder["a.json"]);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        JsonElement[] scenarios = [.. JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement.GetProperty("scenarios")
            .EnumerateArray()];
        Assert.Equal(Palimpsest.Designs.DesignCatalog.All.Count, scenarios.Length);
        Assert.All(scenarios, scenario => Assert.Equal((true, 6),
            (scenario.GetProperty("held").GetBoolean(), scenario.GetProperty("schedules_explored").GetInt32())));
        Assert.All(scenarios, scenario => Assert.Contains($"\nbeyond {scenario.GetProperty("design").GetString()} ", finished.Output,
            StringComparison.Ordinal));
    }

    [Fact]
    public void WhatARandomProgramFindsIsReplayed()
    {
        using TemporaryFolder folder = new();
        string[] under = ["--design", "cma-no-tagged", "--without", "fault-on-access"];
        Finished explored = CommandLine.Run(["explore", "beyond", .. under, "--schedule", folder["a.schedule"]]);
        Finished replayed = CommandLine.Run(["replay", folder["a.schedule"], .. under]);
        Finished without = CommandLine.Run("replay", folder["a.schedule"]);

        Assert.Equal((1, ""), (explored.ExitCode, explored.Errors));
        Assert.Equal((1, ""), (replayed.ExitCode, replayed.Errors));
        Assert.Contains(replayed.Output, explored.Output, StringComparison.Ordinal);
        Assert.Equal(64, without.ExitCode);
        Assert.Contains("give the design", without.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schedule 1 R7 seed 1: user*7 restore*3 user*3", "the run differs from the schedule")]
    [InlineData("schedule 1 R5b seed 1: user*7 restore*", "is no choice of a schedule")]
    [InlineData("schedule 1 R5b seed 1: user*7 restore*3", "the run differs from the schedule")]
    [InlineData("schedule 1 lost-update seed 1: cpu0*2", "there is no race lost-update")]
    [InlineData("schedule 2 R7 seed 1: reserve", "schedule of version 2")]
    [InlineData("\0\0", "a schedule begins with")]
    [InlineData("", "a schedule is one line")]
    public void ADamagedScheduleIsToldInALine(string text, string expected)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.schedule"], text);
        Finished finished = CommandLine.Run("replay", folder["a.schedule"]);

        Assert.Equal((65, ""), (finished.ExitCode, finished.Output));
        Assert.Contains(expected, finished.Errors, StringComparison.Ordinal);
        Assert.Contains("a.schedule: ", finished.Errors, StringComparison.Ordinal);
        Assert.Single(finished.Errors.TrimEnd().Split('\n'));
    }
}
