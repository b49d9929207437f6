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

    [Theory]
    [InlineData("exec", "--", "no-such-program")]
    [InlineData("exec", "--limit-memory", "0", "--", "x")]
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
