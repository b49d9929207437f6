using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>inspect tells what a file is by its content.</summary>
public sealed class InspectTests
{
    [Fact]
    public void ADeviceTreeIsShownAsAMap()
    {
        Finished finished = CommandLine.Run("inspect", CommandLine.SampleBoard);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains("carve-out   64.0 MiB", finished.Output, StringComparison.Ordinal);
        Assert.Contains("[0xc0000000, 0xc4000000)", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordingIsShownAsItsEvents()
    {
        Finished finished = CommandLine.Run("inspect", CommandLine.SampleTrace);

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains("70,411  mm_page_alloc", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ANameCannotCommandTheTerminal()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.txt"], "# tracer: nop\n#\n      ev\u001b[31mil-77      [001] .....     9.316274: mm_page_alloc: "
            + "page=000000007e13c42b pfn=0x42e48 order=0 migratetype=1 gfp_flags=GFP_KERNEL\n");
        Finished finished = CommandLine.Run("inspect", folder["a.txt"]);

        Assert.Equal(0, finished.ExitCode);
        Assert.Contains("ev?[31mil 77", finished.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHasTheFormatsNamesAndCounts()
    {
        using TemporaryFolder folder = new();
        Finished finished = CommandLine.Run("inspect", CommandLine.SampleTrace, "--json", folder["a.json"]);
        JsonElement root = JsonDocument.Parse(File.ReadAllText(folder["a.json"])).RootElement;

        Assert.Equal(0, finished.ExitCode);
        Assert.Equal(("palimpsest.inspect", 1), (root.GetProperty("format").GetString(), root.GetProperty("version").GetInt32()));
        Assert.Equal(13_447, root.GetProperty("input").GetProperty("tagged_allocations").GetInt64());
        Assert.Equal(305, root.GetProperty("input").GetProperty("unknown_frees").GetInt64());
        Assert.Equal(70_411, root.GetProperty("events_by_type").GetProperty("mm_page_alloc").GetInt64());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("kernel").ValueKind);
    }

    [Fact]
    public void APartOfARecordingCanBeLookedAt()
    {
        Finished finished = CommandLine.Run("inspect", CommandLine.SampleTrace, "--process", "redis*", "--event", "mm_page_alloc", "--cpu",
            "0", "--from", "1", "--to", "20");

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.DoesNotContain("mm_page_free", finished.Output[..finished.Output.IndexOf("what it can answer", StringComparison.Ordinal)],
            StringComparison.Ordinal);
    }

    [Fact]
    public void AWindowIsComparedAlone()
    {
        Finished finished = CommandLine.Run("compare", "--from", "5", "--to", "10", "--design", "static");

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains(", 5.0 s, ", finished.Output, StringComparison.Ordinal);
    }
}
