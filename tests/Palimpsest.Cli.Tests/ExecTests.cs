using System.IO.Compression;
using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>palimpsest exec: a real program's output, its status, and what a script gets of it.</summary>
public sealed class ExecTests
{
    private static readonly string Program = Unpacked("calls");

    [Fact]
    public void OutputIsTheProgramsAloneAndTheTableIsBesideIt()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run(
            "exec", "--design", "packed", "--design", "cma-no-tagged", "--ram", "32M", "--json", folder["a.json"], "--", Program,
            "synchronous");

        Assert.Equal((0, "tag 5, next 0\nsignal 11 code 9 address 20\nkept 1\nwrite -1\n"), (finished.ExitCode, finished.Output));
        Assert.Contains("\npacked ", finished.Errors, StringComparison.Ordinal);
        JsonElement root = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement;
        Assert.Equal(
            ("palimpsest.exec", 1, 0),
            (root.GetProperty("format").GetString(), root.GetProperty("version").GetInt32(), root.GetProperty("exit_status").GetInt32()));
        Assert.Equal("SEGV_MTESERR", root.GetProperty("tag_faults")[0].GetProperty("code").GetString());
        Assert.True(root.GetProperty("same_under_all_designs").GetBoolean());
        Assert.Equal(2, root.GetProperty("designs").GetArrayLength());
        Assert.Equal(0, root.GetProperty("unknown_system_calls").GetArrayLength());
    }

    [Fact]
    public void TheProgramsStatusIsOurs()
    {
        Finished finished = CommandLine.Run("exec", "--quiet", "--", Program, "nothing");

        Assert.Equal((3, "", ""), (finished.ExitCode, finished.Output, finished.Errors));
    }

    [Fact]
    public void AProgramIsEndedAtItsLimitOfMemory()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run(
            "exec", "--ram", "64M", "--limit-memory", "4M", "--json", folder["a.json"], "--", Program, "pressure");

        Assert.Equal((128 + 9, ""), (finished.ExitCode, finished.Output));
        Assert.Contains(" pressure: ended at its limit of memory; ", finished.Errors.Replace('\n', ' '), StringComparison.Ordinal);
        JsonElement root = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement;
        Assert.Equal("memory", root.GetProperty("limit").GetString());
    }

    [Fact]
    public void ASearchFindsTheInterleavingThatBreaksAProgramAndItRunsAgain()
    {
        using TemporaryFolder folder = new();
        string[] options = ["exec", "--ram", "4M", "--swap", "0", "--design", "cma-no-tagged", "--without", "invalidate-data-on-reserve",
            "--from", "187000", "--window", "400", "--noticed"];
        string[] program = ["--", Path.Combine(AppContext.BaseDirectory, "samples", "arm64", "pair"), "900", "64"];

        Finished found = CommandLine.Run([.. options, "--explore", "--schedules", "20", "--preemptions", "0", "--schedule", folder["s"],
            "--json", folder["a.json"], "--html", folder["a.html"], .. program]);
        Finished again = CommandLine.Run([.. options, "--replay", folder["s"], .. program]);

        Assert.Equal((1, 1), (found.ExitCode, again.ExitCode));
        Assert.Contains("broken: PROGRAM: the program exits with 1, and exits with 0 where nothing is interleaved", found.Output,
            StringComparison.Ordinal);
        Assert.Contains("broken: PROGRAM: the program exits with 1", again.Output, StringComparison.Ordinal);
        JsonElement race = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement.GetProperty("scenarios")[0];
        Assert.Equal("program", race.GetProperty("id").GetString());
        Assert.Contains("invalidate-data-on-reserve", File.ReadAllText(folder["a.html"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from: only --explore has it", "--from", "1")]
    [InlineData("--replay and --explore are two things", "--explore", "--replay", "s")]
    [InlineData("--engine: a search of --explore has nothing for it", "--explore", "--engine", "interpreter")]
    [InlineData("name one --design", "--explore", "--designs", "all")]
    [InlineData("--beside moon: choose from cache, reclaim, compaction, packing", "--explore", "--beside", "moon")]
    [InlineData("--window 0: give 1 to", "--explore", "--window", "0")]
    [InlineData("--ram 65536: a machine is made for each run", "--explore", "--ram", "64K")]
    [InlineData("--from 999999999: by then the program has ended", "--explore", "--from", "999999999")]
    [InlineData("does not end by itself within 10 instructions", "--explore", "--limit", "10")]
    [InlineData("there is no such safeguard", "--explore", "--without", "luck")]
    [InlineData("palimpsest: s: ", "--replay", "s")]
    public void WhatASearchCannotBeAskedIsOneLine(string expected, params string[] options)
    {
        Finished finished = CommandLine.Run(["exec", .. options, "--", Program, "nothing"]);

        Assert.InRange(finished.ExitCode, 64, 66);
        Assert.Contains(expected, finished.Errors, StringComparison.Ordinal);
        Assert.Single(finished.Errors.Trim().Split('\n'));
    }

    [Fact]
    public void WhatAMachineDoesUnderAProgramCanBeRecordedAndCompared()
    {
        using TemporaryFolder folder = new();
        string[] names = ["a.dat", "b.dat"];
        foreach (string name in names)
        {
            Finished recorded = CommandLine.Run(
                "exec", "--quiet", "--design", "cma-no-tagged", "--ram", "16M", "--swap", "32M", "--record", folder[name],
                "--json", folder[name + ".json"], "--", Program, "pressure");
            Assert.Equal((0, "wrong 0 of 6000\n", ""), (recorded.ExitCode, recorded.Output, recorded.Errors));
        }

        Finished compared = CommandLine.Run(
            "compare", folder["a.dat"], "--ram", "18432K", "--design", "cma-no-tagged", "--json", folder["compare.json"], "--quiet");

        Assert.Equal((0, "", ""), (compared.ExitCode, compared.Output, compared.Errors));
        Assert.Equal(File.ReadAllBytes(folder["a.dat"]), File.ReadAllBytes(folder["b.dat"]));
        double reserved = Reserved(folder["a.dat.json"]);
        Assert.InRange(Reserved(folder["compare.json"]), 0.9 * reserved, 1.1 * reserved);
        // The program tags 6,000 pages, and each of them comes back from swap once.
        string inspected = CommandLine.Run("inspect", folder["a.dat"]).Output;
        Assert.Contains("calls 1 (12,001)", inspected, StringComparison.Ordinal);

        static double Reserved(string file) => JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("designs")[0]
            .GetProperty("reserved_max_mib").GetDouble();
    }

    [Fact]
    public void WhatCannotBeRunLeavesNoRecording()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run("exec", "--record", folder["a.dat"], "--", "no-such-program");

        Assert.Equal(65, finished.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(folder["a.dat"])!));
    }

    [Fact]
    public void ThePageHasTheProgramItsFaultsAndItsDesigns()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run(
            "exec", "--quiet", "--design", "static", "--design", "packed", "--ram", "32M", "--html", folder["a.html"], "--", Program,
            "synchronous");

        string page = File.ReadAllText(folder["a.html"]);
        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains("calls synchronous: exit status 0.", page, StringComparison.Ordinal);
        Assert.Contains("<td>SEGV_MTESERR</td><td>0x", page, StringComparison.Ordinal);
        Assert.Contains("class=\"name\">static</th>", page, StringComparison.Ordinal);
        Assert.Contains("class=\"name\">packed</th>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain(AppContext.BaseDirectory, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exec", "--", "no-such-program")]
    [InlineData("exec", "--record", "-", "--", "x")]
    [InlineData("exec", "--design", "all", "--record", "a.dat", "--", "x")]
    [InlineData("exec", "--limit-memory", "0", "--", "x")]
    [InlineData("exec", "--limit-memory", "4095", "--", "x")]
    [InlineData("exec", "--limit-memory", "much", "--", "x")]
    [InlineData("exec", "--root", "no-such-folder", "--", "x")]
    [InlineData("exec", "--limit", "0", "--", "x")]
    [InlineData("exec")]
    public void WhatCannotBeIsSaidInOneLine(params string[] arguments)
    {
        Finished finished = CommandLine.Run(arguments);

        Assert.Contains(finished.ExitCode, new[] { 64, 65 });
        Assert.StartsWith("palimpsest: ", finished.Errors, StringComparison.Ordinal);
        Assert.Single(finished.Errors.TrimEnd().Split('\n'));
    }

    private static string Unpacked(string program)
    {
        string path = Path.Combine(AppContext.BaseDirectory, program);
        using FileStream packed = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Guests", $"{program}.gz"));
        using GZipStream stream = new(packed, CompressionMode.Decompress);
        using FileStream file = File.Create(path);
        stream.CopyTo(file);
        return path;
    }
}
