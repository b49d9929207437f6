using System.Security.Cryptography;
using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>Whoever gets a result knows which build made it of what, and can make it again; not where the sender had it.</summary>
public sealed class ProvenanceTests
{
    public static TheoryData<string> Calls =>
    [
        "compare small.txt.zst --board small.dtb --snapshot small.snapshot --design static --pinned 0.1 --to 2",
        "verify small.txt.zst --board small.dtb --snapshot small.snapshot --to 2",
        "run phone --board small.dtb --size 8M --steps 9 --design static",
        "explore R7 --design tag-blocks",
        "inspect small.txt.zst --to 2",
        "census census --page-size 4K",
    ];

    [Theory]
    [MemberData(nameof(Calls))]
    public void AResultSaysWhatMadeItAndCanBeMadeAgain(string call)
    {
        using TemporaryFolder folder = WithInputs();
        string[] words = call.Split(' ');
        Finished made = CommandLine.Run([.. Placed(folder, words), "--json", folder["a.json"], .. Page(words[0], folder), "--quiet"]);
        Finished again = CommandLine.Run("rerun", folder["a.json"], "--in", folder[""]);

        Assert.Equal((0, "", ""), (made.ExitCode, made.Output, made.Errors));
        Assert.Equal((0, "same\n", ""), (again.ExitCode, again.Output, again.Errors));
        JsonElement provenance = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement.GetProperty("provenance");
        Assert.Equal(words, provenance.GetProperty("command").EnumerateArray().Select(word => word.GetString()));
        foreach (JsonElement input in provenance.GetProperty("inputs").EnumerateArray()
            .Where(input => File.Exists(folder[input.GetProperty("name").GetString()!])))
        {
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder[input.GetProperty("name").GetString()!]))),
                input.GetProperty("sha256").GetString());
        }

        Assert.All(folder.Files.Where(file => file.StartsWith("a.", StringComparison.Ordinal)),
            file => Assert.DoesNotContain(folder[""], File.ReadAllText(folder[file]), StringComparison.Ordinal));
    }

    [Fact]
    public void WhatDiffersIsTold()
    {
        using TemporaryFolder folder = WithInputs();
        string[] call = ["run", "phone", "--board", folder["small.dtb"], "--size", "8M", "--steps", "9", "--design", "static",
            "--seeds", "1", "--quiet"];
        CommandLine.Run([.. call, "--json", folder["a.json"]]);
        CommandLine.Run([.. call, "--json", folder["b.json"], "--seed", "2"]);
        File.WriteAllText(folder["c.json"], File.ReadAllText(folder["a.json"]).Replace("\"minor_faults\": ", "\"minor_faults\": 9",
            StringComparison.Ordinal));
        File.AppendAllText(folder["small.dtb"], "\n");

        Finished rerun = CommandLine.Run("rerun", folder["c.json"], "--in", folder[""]);
        Finished same = CommandLine.Run("diff", folder["a.json"], folder["a.json"]);
        Finished differs = CommandLine.Run("diff", folder["a.json"], folder["b.json"]);
        Finished tolerated = CommandLine.Run("diff", folder["a.json"], folder["b.json"], "--tolerance", "100%");

        Assert.Equal((1, ""), (rerun.ExitCode, rerun.Errors));
        Assert.Contains("].minor_faults", rerun.Output, StringComparison.Ordinal);
        Assert.Contains("inputs[small.dtb --board].sha256", rerun.Output, StringComparison.Ordinal);
        Assert.Equal((0, "same\n"), (same.ExitCode, same.Output));
        Assert.Equal(1, differs.ExitCode);
        Assert.Contains("seed ", differs.Output, StringComparison.Ordinal);
        Assert.Equal((0, "same\n"), (tolerated.ExitCode, tolerated.Output));
    }

    [Theory]
    [InlineData(64, "a palimpsest.run, the other a palimpsest.explore", "diff a.json b.json")]
    [InlineData(64, "--tolerance", "diff a.json a.json --tolerance -1%")]
    [InlineData(65, "line 1: no JSON", "diff small.dtb a.json")]
    [InlineData(65, "no result of palimpsest", "rerun c.json")]
    [InlineData(65, "does not say what made it", "rerun d.json")]
    [InlineData(66, "no such file", "rerun nothing.json")]
    [InlineData(66, "no such folder", "rerun a.json --in nowhere")]
    [InlineData(64, "both go to", "explore R7 --json e.json --html e.json")]
    public void WhatCannotBeHeldAgainstAnotherIsOneLine(int code, string expected, string call)
    {
        using TemporaryFolder folder = WithInputs();
        CommandLine.Run("run", "phone", "--ram", "16M", "--steps", "9", "--design", "static", "--quiet", "--json", folder["a.json"]);
        CommandLine.Run("explore", "R7", "--quiet", "--json", folder["b.json"]);
        File.WriteAllText(folder["c.json"], "{}");
        File.WriteAllText(folder["d.json"], "{\"format\": \"palimpsest.compare\"}");
        Finished finished = CommandLine.Run([.. call.Split(' ')
            .Select(word => word.EndsWith(".json", StringComparison.Ordinal) || word.EndsWith(".dtb", StringComparison.Ordinal)
                ? folder[word]
                : word)]);

        Assert.Equal((code, ""), (finished.ExitCode, finished.Output));
        Assert.Contains(expected, finished.Errors, StringComparison.Ordinal);
        Assert.Equal(1, finished.Errors.Count(letter => letter == '\n'));
    }

    [Fact]
    public void TablesHaveWhatMadeThemBesideThem()
    {
        using TemporaryFolder folder = new();
        CommandLine.Run("compare", "--design", "static", "--to", "2", "--quiet", "--csv", folder["out"]);
        Finished shown = CommandLine.Run("compare", "--design", "static", "--to", "2", "--csv", "-");

        Assert.Contains("\"samples/small.txt.zst\"", File.ReadAllText(Path.Combine(folder["out"], "provenance.json")),
            StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Path.Combine(folder["out"], "designs.csv")), shown.Output);
    }

    [Fact]
    public void APageForAMailIsSmallAndRunsNothing()
    {
        using TemporaryFolder folder = new();
        CommandLine.Run("compare", "--quiet", "--html-small", folder["a.html"]);
        string page = File.ReadAllText(folder["a.html"]);

        Assert.True(page.Length < 100_000, $"{page.Length}");
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("<section id=\"headline\">", page, StringComparison.Ordinal);
        Assert.Contains("Made by palimpsest", page, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Page(string verb, TemporaryFolder folder) =>
        verb is "run" or "inspect" ? [] : ["--html", folder["a.html"]];

    private static IEnumerable<string> Placed(TemporaryFolder folder, string[] words) =>
        words.Select((word, index) => index > 0 && Path.Exists(folder[word]) ? folder[word] : word);

    private static TemporaryFolder WithInputs()
    {
        TemporaryFolder folder = new();
        File.Copy(CommandLine.SampleTrace, folder["small.txt.zst"]);
        File.Copy(CommandLine.SampleBoard, folder["small.dtb"]);
        CopyFolder(Path.Combine(AppContext.BaseDirectory, "samples", "small.snapshot"), folder["small.snapshot"]);
        CopyFolder(CommandLine.SampleCensus, folder["census"]);
        return folder;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
