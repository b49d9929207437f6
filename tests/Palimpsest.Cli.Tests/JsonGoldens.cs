using System.Text.RegularExpressions;

namespace Palimpsest.Cli.Tests;

/// <summary>Each JSON, and the table of designs, as they were first published in this version: names, order and values.</summary>
public sealed partial class JsonGoldens
{
    private static readonly string Moments = Path.Combine(AppContext.BaseDirectory, "Snapshots", "small", "after");

    public static TheoryData<string, string[]> Calls => new()
    {
        { "compare.json", ["compare", "--json"] },
        { "verify.json", ["verify", "--json"] },
        { "verify-moments.json", ["verify", CommandLine.SampleTrace, "--board", CommandLine.SampleBoard, "--snapshot", Moments, "--json"] },
        { "run.json", ["run", "phone", "--design", "static", "--design", "cma-no-tagged", "--ram", "32M", "--steps", "800", "--tagged",
            "0.1", "--seeds", "1", "--json"] },
        { "explore.json", ["explore", "R7", "--json"] },
        { "inspect.json", ["inspect", CommandLine.SampleTrace, "--json"] },
        { "census.json", ["census", CommandLine.SampleCensus, "--quiet", "--json"] },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public void TheJsonReadsAsBefore(string golden, string[] call)
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run([.. call, folder["a.json"]]);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Golden.Matches(golden, Build().Replace(File.ReadAllText(folder["a.json"]), "$1 \"\""));
    }

    [Fact]
    public void TheTableOfDesignsReadsAsBefore()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run("compare", "--csv", folder["out"], "--quiet");

        Assert.Equal((0, "", ""), (finished.ExitCode, finished.Output, finished.Errors));
        Golden.Matches("compare-designs.csv", File.ReadAllText(Path.Combine(folder["out"], "designs.csv")));
    }

    /// <summary>Which build it was is no figure of the model.</summary>
    [GeneratedRegex("(\"commit\":|\"version\": *(?=\"))[^,]*")]
    private static partial Regex Build();
}
