
namespace Palimpsest.Cli.Tests;

/// <summary>palimpsest record: what it says where it does not record; recording itself is tested over a folder like tracefs.</summary>
public sealed class RecordTests
{
    [Fact]
    public void TheCommandsThatDoTheSameByHandArePrinted()
    {
        Finished finished = CommandLine.Run("record", "--print");

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains("kprobe_events", finished.Output, StringComparison.Ordinal);
        Assert.Contains("trace-cmd record", finished.Output, StringComparison.Ordinal);
        Assert.Contains("perfetto --txt", finished.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("record", "give a new folder")]
    [InlineData("record out --seconds 0", "--seconds 0")]
    [InlineData("record out --buffer 1", "--buffer 1")]
    [InlineData("record out --size x", "is not a size")]
    public void WhatCannotBeRecordedIsToldInALine(string arguments, string expected)
    {
        Finished finished = CommandLine.Run(arguments.Split(' '));

        Assert.Equal((64, ""), (finished.ExitCode, finished.Output));
        Assert.Contains(expected, finished.Errors, StringComparison.Ordinal);
        Assert.Single(finished.Errors.TrimEnd().Split('\n'));
    }
}
