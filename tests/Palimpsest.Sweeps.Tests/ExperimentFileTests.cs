using Palimpsest.Sweeps.Cells;
using Palimpsest.Sweeps.Experiments;
using Palimpsest.Vocabulary;

namespace Palimpsest.Sweeps.Tests;

/// <summary>What is wrong with an experiment is told in a line with its place; what is right crosses everything once.</summary>
public sealed class ExperimentFileTests
{
    [Theory]
    [InlineData("""{ "format": "palimpsest.sweep", "version": 1, "designs": [] }""", "x.json:1: designs: there is none")]
    [InlineData("{\n\"format\": \"palimpsest.sweep\", \"version\": 1,\n\"desings\": [] }", "x.json:3: desings: there is no 'desings' here")]
    [InlineData("{\n\"format\": \"other\", \"version\": 1, \"designs\": [] }", "x.json:2: format: 'other' is no experiment")]
    [InlineData("{\n\"format\": \"palimpsest.sweep\", \"version\": 2, \"designs\": [] }", "x.json:2: version: 2 is none that this program")]
    [InlineData("{\n\"version\": 1,\n\"version\": 1 }", "x.json:3: version: 'version' is there twice")]
    [InlineData("{ \"version\": 1 }", "x.json:1: 'format', 'designs' is missing")]
    [InlineData("{ \"version\": 1,", "x.json:1: ")]
    [InlineData("{\n\"format\": \"palimpsest.sweep\", \"version\": \"one\" }", "x.json:2: version: a value of another kind belongs here")]
    [InlineData("{\n\"format\": \"palimpsest.sweep\", \"version\": 1,\n\"designs\": [null] }", "x.json:3: null is none")]
    [InlineData("{\n\"about\": \"a\\u0000b\" }", "x.json:2: a text with a NUL in it names nothing")]
    [InlineData("not json", "x.json:1: ")]
    [InlineData("", "x.json:1: ")]
    public void AFileThatIsNoExperimentIsRefusedWithItsLine(string json, string expected)
    {
        using SweepStage stage = new();

        string message = Assert.ThrowsAny<InputException>(() => stage.Read(json)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"compare\": {}, \"recordings\": [{ \"files\": \"*.dat\", \"ram_mib\": 64 }]", "{ \"name\": \"packd\" }",
        ":6: designs[0].name: packd: there is no design 'packd'")]
    [InlineData("\"run\": [{ \"workload\": \"phone\" }]", "{ \"name\": \"packed\",\n \"parameters\": { \"slack\": [\"-1\"] } }",
        ":7: designs[0].parameters.slack: ")]
    [InlineData("\"run\": [{ \"workload\": \"phone\" }]", "{ \"name\": \"packed\",\n \"parameters\": { \"slack\": [] } }",
        ":7: designs[0].parameters.slack: it has no value")]
    [InlineData("\"run\": [{ \"workload\": \"phone\" }]", "{ \"name\": \"packed\",\n\"ranges\": {\"slack\": {\"from\": 9, \"to\": 1 } } }",
        ":7: designs[0].ranges.slack: from 9 to 1 by 1 is no range")]
    [InlineData("\"run\": [{ \"workload\": \"fone\" }]", "{ \"name\": \"static\" }", ":4: run[0].workload: there is no workload 'fone'")]
    [InlineData("\"compare\": {}, \"recordings\": [{ \"files\": \"*.none\", \"ram_mib\": 64 }]", "{ \"name\": \"static\" }",
        ":4: recordings[0].files: no file is called '*.none'")]
    [InlineData("\"compare\": {}, \"recordings\": [{ \"files\": \"*.dat\" }]", "{ \"name\": \"static\" }", ":4: recordings[0]: no machine")]
    [InlineData("\"compare\": {}, \"recordings\": [{ \"files\": \"*.dat\", \"boards\": [\"{name}.dtb\"] }]", "{ \"name\": \"static\" }",
        ":4: recordings[0].boards[0]: ")]
    [InlineData("\"compare\": {\"pins\": [0, 2]}, \"recordings\": [{ \"files\": \"*.dat\", \"ram_mib\": 64 }]", "{ \"name\": \"static\" }",
        ":4: compare.pins[1]: 2 is no share")]
    public void AValueThatCannotBeIsToldWithItsLine(string what, string design, string expected)
    {
        using SweepStage stage = new();
        stage.Plan();

        string message = Assert.ThrowsAny<InputException>(() => SweepPlan.Of(stage.Read(
            $"{{\n\"format\": \"palimpsest.sweep\",\n\"version\": 1,\n{what},\n\"designs\": [\n{design}\n] }}"))).Message;

        Assert.Contains("x.json" + expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void EverythingIsCrossedOnce()
    {
        using SweepStage stage = new();
        SweepPlan plan = stage.Plan();

        Assert.Equal(SweepStage.Cells, plan.Count);
        Assert.Equal(plan.Count, Enumerable.Range(0, plan.Count).Select(index => plan.KeyOf(index, SweepStage.Build)).Distinct().Count());
        Assert.Equal([("static", 0UL), ("packed:slack=0", 0UL), ("packed:slack=10", 0UL), ("static", 1UL), ("static", 2UL)],
            Enumerable.Range(0, 5).Select(index => (plan[index].Design, plan[index].Seed)));
    }

    [Fact]
    public void WhatIsTheSameIsTakenOnce()
    {
        using SweepStage stage = new();
        File.WriteAllText(stage["a.dat"], "alike");
        File.WriteAllText(stage["b.dat"], "alike");

        SweepPlan plan = SweepPlan.Of(stage.Read("""
            { // a copy of a recording, and a parameter that says what the design does anyway
              "format": "palimpsest.sweep", "version": 1, "recordings": [{ "files": "?.dat", "ram_mib": 64, }], "compare": {},
              "designs": [{ "name": "packed" }, { "name": "packed", "parameters": { "slack": ["20"] } }],
            }
            """));

        Assert.Equal(1, plan.Count);
    }

    [Theory]
    [InlineData("*.dat", "a.dat b.dat")]
    [InlineData("?.dat", "a.dat b.dat")]
    [InlineData("**/*.dat", "a.dat b.dat in/c.dat in/deep/d.dat")]
    [InlineData("in/*.dat", "in/c.dat")]
    [InlineData("*/deep/*", "in/deep/d.dat")]
    [InlineData("b.dat", "b.dat")]
    public void AGlobNamesFilesInOrder(string pattern, string expected)
    {
        using SweepStage stage = new();
        Directory.CreateDirectory(stage["in/deep"]);
        foreach (string name in new[] { "b.dat", "a.dat", "in/c.dat", "in/deep/d.dat", "e.dtb" })
        {
            File.WriteAllText(stage[name], name);
        }

        Assert.Equal(expected.Split(' '), RecordingGlob.Files(stage[""], pattern).Select(path => Path.GetRelativePath(stage[""], path)));
    }

    [Fact]
    public void TheSchemaThatShipsIsThatOfTheReader() => Golden.Matches("sweep.schema.json", ExperimentFile.Schema);

    [Fact]
    public void TheSampleIsAnExperiment()
    {
        SweepPlan plan = SweepPlan.Of(ExperimentFile.Read(Path.Combine(AppContext.BaseDirectory, "samples", "sweep.json")));

        Assert.Equal((4, 10, 60), (plan.Settings.Count, plan.Designs.Count, plan.Count));
        Assert.InRange(SweepEstimate.Of(plan, threads: 2).CpuSeconds, 1, 60);
    }
}
