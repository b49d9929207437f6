using Xunit;

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
}
