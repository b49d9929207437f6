
namespace Palimpsest.Cli.Tests;

/// <summary>What cannot be used is told in one line that names it, with exit code 64 or 65, and nothing is left behind.</summary>
public sealed class BadInputTests
{
    private const int BadUsage = 64;
    private const int BadInput = 65;
    private const int InputMissing = 66;
    private const int OutputNotMade = 73;
    private const int BrokenOff = 74;

    public static TheoryData<int, string, string[]> BadCalls => new()
    {
        { BadUsage, "no-such-design", ["compare", "--design", "no-such-design"] },
        { BadUsage, "'speed=9'", ["compare", "--design", "static:speed=9"] },
        { BadUsage, "attempts=0", ["compare", "--design", "cma-no-tagged:attempts=0"] },
        { BadUsage, "--tag-source", ["compare", "--tag-source", "guess"] },
        { BadUsage, "--from", ["inspect", "trace.txt", "--from", "9", "--to", "3"] },
        { BadUsage, "--cpu", ["inspect", "trace.txt", "--cpu", "one"] },
        { BadInput, "mte_sync_tags", ["compare", "--tag-source", "mapped"] },
        { BadUsage, "--pinned", ["compare", "--pinned", "1.5"] },
        { BadUsage, "--board", ["compare", CommandLine.SampleTrace] },
        { BadUsage, "'12X'", ["compare", "trace.txt", "--ram", "12X"] },
        { BadUsage, "--page-size", ["compare", "--page-size", "8K"] },
        { BadUsage, "--pageblock-order", ["verify", "--pageblock-order", "11"] },
        { BadUsage, "--cpus", ["compare", "--cpus", "1"] },
        { BadUsage, "there is no option --colour", ["compare", "--colour"] },
        { BadUsage, "--json", ["compare", "--json", ""] },
        { BadUsage, "--html", ["compare", "--html", ""] },
        { BadUsage, "--csv", ["compare", "--csv", ""] },
        { BadUsage, "empty path", ["compare", "--board", ""] },
        { BadUsage, "there is no verb comapre; did you mean compare? (see palimpsest --help)", ["comapre"] },
        { BadUsage, "there is no option --jsn; did you mean --json? (see palimpsest compare --help)", ["compare", "--jsn", "x"] },
        { BadUsage, "--pinned abc: give a number", ["compare", "--pinned", "abc"] },
        { BadUsage, "--seeds x: give a whole number", ["run", "phone", "--seeds", "x"] },
        { BadUsage, "takes no further argument, and 'b' is one", ["compare", "a", "b"] },
        { BadUsage, "did you mean designs?", ["list", "desgins"] },
        { BadUsage, "completion ksh", ["completion", "ksh"] },
        { InputMissing, "no-such-file", ["compare", "no-such-file", "--ram", "2G"] },
        { InputMissing, "no-such-board", ["compare", "--board", "no-such-board"] },
        { BadInput, "pfn 0x", ["compare", CommandLine.SampleTrace, "--ram", "16M"] },
        { BadInput, "small.dtb", ["compare", CommandLine.SampleBoard, "--ram", "2G"] },
        { BadInput, "small.txt.zst", ["compare", "--board", CommandLine.SampleTrace] },
        { InputMissing, "zoneinfo", ["compare", "--snapshot", "no-such-folder"] },
        { OutputNotMade, "/no-such-folder/a.json", ["compare", "--json", "/no-such-folder/a.json"] },
        { InputMissing, "costs", ["compare", "--costs", "no-such-costs"] },
        { InputMissing, "no-such-file", ["inspect", "no-such-file"] },
        { InputMissing, "no-such-folder", ["census", "no-such-folder"] },
        { BadInput, "this is a text", ["census", Path.Combine(CommandLine.SampleCensus, "zoneinfo")] },
        { BadInput, "a device tree, no kpageflags", ["census", CommandLine.SampleBoard] },
        { BadInput, "has no processes", ["census", CommandLine.SampleCensus, "--process", "sh"] },
        { BadUsage, "--candidates", ["census", CommandLine.SampleCensus, "--candidates", "all"] },
        { BadUsage, "give --every", ["census", CommandLine.SampleCensus, "--for", "3s"] },
        { BadUsage, "'0s' is not a duration", ["census", CommandLine.SampleCensus, "--every", "0s"] },
        { BadUsage, "'5d' is not a duration", ["census", CommandLine.SampleCensus, "--every", "5d"] },
        { BadUsage, "--page-size", ["census", CommandLine.SampleCensus, "--page-size", "8K"] },
    };

    [Theory]
    [MemberData(nameof(BadCalls))]
    public void OneLineSaysWhatIsWrong(int exitCode, string named, string[] arguments)
    {
        Finished finished = CommandLine.Run(arguments);

        Assert.Equal(exitCode, finished.ExitCode);
        Assert.Equal("", finished.Output);
        Assert.StartsWith("palimpsest: ", finished.Errors, StringComparison.Ordinal);
        Assert.Contains(named, finished.Errors, StringComparison.Ordinal);
        Assert.Equal(1, finished.Errors.Count(character => character == '\n'));
    }

    [Fact]
    public void ACutOffRecordingIsRefusedUnlessThatIsKnown()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["cut.zst"], File.ReadAllBytes(CommandLine.SampleTrace)[..300_000]);
        string[] call = ["compare", folder["cut.zst"], "--board", CommandLine.SampleBoard, "--design", "static"];

        Finished refused = CommandLine.Run(call);
        Finished used = CommandLine.Run([.. call, "--allow-truncated"]);

        Assert.Equal((BadInput, ""), (refused.ExitCode, refused.Output));
        Assert.Contains("breaks off before byte 300000", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, used.ExitCode);
    }

    [Fact]
    public void AFullDiskIsTold()
    {
        Finished finished = CommandLine.Run("compare", "--design", "static", "--json", "/dev/full", "--quiet");

        Assert.Equal(BrokenOff, finished.ExitCode);
        Assert.Contains("/dev/full", finished.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunThatFailsLeavesNoOutputBehind()
    {
        using TemporaryFolder folder = new();
        CommandLine.Run("compare", CommandLine.SampleTrace, "--ram", "16M", "--json", folder["a.json"], "--html", folder["a.html"]);

        Assert.Empty(folder.Files);
    }

    [Fact]
    public void AMistakeInACostTableIsToldWithItsLine()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["costs.json"], "{\n  \"copyPagesNs\": 354\n}\n");
        Finished finished = CommandLine.Run("compare", "--costs", folder["costs.json"]);

        Assert.Equal(BadInput, finished.ExitCode);
        Assert.Contains("costs.json: line 2", finished.Errors, StringComparison.Ordinal);
    }
}
