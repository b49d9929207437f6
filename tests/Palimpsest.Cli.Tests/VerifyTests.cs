using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>On the recording of a boot, the model decides as the kernel did: the bars are those of docs/fidelity.md.</summary>
public sealed class VerifyTests
{
    private static readonly Lazy<JsonElement> Boot = new(() =>
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run("verify", "--json", folder["verify.json"], "--quiet");
        Assert.Equal((0, "", ""), (finished.ExitCode, finished.Output, finished.Errors));
        return JsonDocument.Parse(File.ReadAllText(folder["verify.json"])).RootElement.Clone();
    });

    [Theory]
    [InlineData("guided", "refill", 0.999, 15_000)]
    [InlineData("guided", "pcp", 0.999, 23_000)]
    [InlineData("guided", "buddy", 0.999, 28)]
    [InlineData("guided", "drain", 0.99, 2_000)]
    [InlineData("own", null, 0.99, 23_000)]
    public void DecisionsAgreeWithTheKernel(string group, string? path, double least, long decisions)
    {
        JsonElement tally = path is null ? Boot.Value.GetProperty(group) : Boot.Value.GetProperty(group).GetProperty(path);
        long predicted = tally.GetProperty("predicted").GetInt64();
        long total = tally.GetProperty("total").GetInt64();

        Assert.True(total >= decisions, $"{total} decisions");
        Assert.True(predicted >= least * total, $"{predicted} of {total}");
    }

    [Fact]
    public void JsonHasTheNamesThatOthersRelyOn()
    {
        Assert.Equal(("palimpsest.verify", 1), (Boot.Value.GetProperty("format").GetString(), Boot.Value.GetProperty("version")
            .GetInt32()));
        Assert.True(Boot.Value.GetProperty("free_run").GetProperty("allocations_before_divergence").GetInt64() > 1_000);
        Assert.True(Boot.Value.GetProperty("silent_allocations").GetInt64() > 0);
        Assert.Equal(0, Boot.Value.GetProperty("law_violations").GetInt32());
    }

    [Fact]
    public void AMissIsExplainedByTheListsBeforeIt()
    {
        Finished finished = CommandLine.Run("verify", "--explain", "1");

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.StartsWith("miss 1: event ", finished.Output, StringComparison.Ordinal);
        Assert.Contains("at 4.625624 s, refill, order 0, Unmovable", finished.Output, StringComparison.Ordinal);
        Assert.Contains("Unmovable   order  2: 45a5c 45a44", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissThatIsNotThereIsRefused()
    {
        Finished finished = CommandLine.Run("verify", "--explain", "1000000");

        Assert.Equal(64, finished.ExitCode);
        Assert.Contains("--explain 1000000", finished.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordingWithoutRefillsIsComparedAtItsEndOnly()
    {
        Finished finished = CommandLine.Run("verify", CommandLine.SampleTrace, "--board", CommandLine.SampleBoard);

        Assert.Equal(0, finished.ExitCode);
        Assert.Contains("page by page: not possible", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void EachSnapshotOfARecordingIsComparedAtItsMoment()
    {
        string snapshots = Path.Combine(AppContext.BaseDirectory, "Snapshots", "small");
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run(
            "verify", CommandLine.SampleTrace, "--board", CommandLine.SampleBoard, "--snapshot", Path.Combine(snapshots, "after"),
                "--json", folder["verify.json"]);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains("never corrected, at each snapshot", finished.Output, StringComparison.Ordinal);
        JsonElement[] moments = [.. JsonDocument.Parse(File.ReadAllText(folder["verify.json"])).RootElement.GetProperty("free_run_moments")
            .EnumerateArray()];
        Assert.Equal(["before", "mid", "after"], moments.Select(moment => moment.GetProperty("name").GetString()));
        Assert.All(moments, moment => Assert.InRange(moment.GetProperty("free_difference_share").GetDouble(), 0, 0.006));
        Assert.InRange(moments[1].GetProperty("time_ns").GetInt64(), 4_350_000_000, 4_800_000_000);
        Assert.Equal([1053, 1317], moments[0].GetProperty("per_cpu_pages").GetProperty("model").EnumerateArray()
            .Select(pages => pages.GetInt32()));
        JsonElement cma = moments[2].GetProperty("free_chunks").GetProperty("Cma");
        Assert.Equal(cma.GetProperty("kernel").ToString(), cma.GetProperty("model").ToString());
    }

    [Fact]
    public void ThePartThatIsMeantIsTalliedAndTheRestFollowed()
    {
        Finished finished = CommandLine.Run("verify", "--to", "5", "--process", "init");

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains("\nLeft by the filters: from 1 s to 5 s; events of init.\n", finished.Output, StringComparison.Ordinal);
        Assert.Contains("656         657", finished.Output, StringComparison.Ordinal);
    }
}
