using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>palimpsest census on a copy of a real machine's kpageflags.</summary>
public sealed class CensusTests
{
    [Fact]
    public void TheAnswerComesFirst()
    {
        Finished finished = CommandLine.Run("census", CommandLine.SampleCensus);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains("1,472 tag pages for 8,002 pages", finished.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("5.86 times the ideal", finished.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("all                              8,002       1,472         251    5.86     5.4\n", finished.Output,
            StringComparison.Ordinal);
        Assert.All(finished.Output.Split('\n').Skip(1), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void OverTimeThereIsALineForEachAndAMomentInTheJson()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run("census", CommandLine.SampleCensus, "--every", "50ms", "--for", "1s", "--json",
            folder["a.json"], "--html", folder["a.html"]);
        string[] lines = finished.Output.TrimEnd().Split('\n');
        JsonElement root = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement;

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Equal(lines.Length - 1, root.GetProperty("moments").GetArrayLength());
        Assert.Equal(1_472, root.GetProperty("moments")[0].GetProperty("tag_pages").GetInt64());
        Assert.EndsWith("8,002      1,472      251   5.86    96.4  ####--------------------", lines[1], StringComparison.Ordinal);
        Assert.Contains("1,472", File.ReadAllText(folder["a.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameCopyGivesTheSameBytes()
    {
        using TemporaryFolder folder = new();
        string[] call = ["census", CommandLine.SampleCensus, "--quiet", "--json", folder["json"], "--html", folder["html"]];
        Finished first = CommandLine.Run(call);
        byte[] json = File.ReadAllBytes(folder["json"]);
        byte[] html = File.ReadAllBytes(folder["html"]);
        CommandLine.Run(call);

        Assert.Equal((0, "", ""), (first.ExitCode, first.Output, first.Errors));
        Assert.Equal(json, File.ReadAllBytes(folder["json"]));
        Assert.Equal(html, File.ReadAllBytes(folder["html"]));
    }

    [Fact]
    public void ACutCopyIsRefusedInALine()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["kpageflags.zst"], File.ReadAllBytes(Path.Combine(CommandLine.SampleCensus, "kpageflags.zst"))[..20_000]);
        Finished finished = CommandLine.Run("census", folder["kpageflags.zst"], "--json", folder["a.json"]);

        Assert.Equal((65, ""), (finished.ExitCode, finished.Output));
        Assert.Contains("breaks off before byte 20000", finished.Errors, StringComparison.Ordinal);
        Assert.Single(finished.Errors.TrimEnd().Split('\n'));
        Assert.Equal(["kpageflags.zst"], folder.Files);
    }
}
