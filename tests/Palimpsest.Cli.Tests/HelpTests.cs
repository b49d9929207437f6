using System.Text.Json;

namespace Palimpsest.Cli.Tests;

/// <summary>Whoever knows nothing finds out: help, manual, lists and completion say the same.</summary>
public sealed class HelpTests
{
    private static readonly string[] Verbs =
        ["compare", "run", "exec", "view", "explore", "replay", "verify", "census", "inspect", "record", "rerun", "diff", "sweep", "worker",
            "results", "list", "completion", "man"];

    [Theory]
    [InlineData("")]
    [InlineData("help")]
    [InlineData("--help")]
    public void NothingKnownIsHelp(string call)
    {
        Finished finished = CommandLine.Run(call.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.All(Verbs, verb => Assert.Contains($"\n  {verb} ", finished.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void HelpOfAVerbIsTheSameEitherWay() =>
        Assert.Equal(CommandLine.Run("run", "--help").Output, CommandLine.Run("help", "run").Output);

    /// <summary>Verbs are made by the names that they are called by.</summary>
    [Fact]
    public void EveryVerbHasItsOwnHelp() => Assert.All(Verbs, verb =>
    {
        Finished finished = CommandLine.Run(verb, "--help");

        Assert.Equal((0, ""), (finished.ExitCode, finished.Errors));
        Assert.Contains($"palimpsest {verb} ", finished.Output, StringComparison.Ordinal);
    });

    [Fact]
    public void TheManualHasEveryVerbOptionAndExitCode()
    {
        string page = CommandLine.Run("man").Output;

        Assert.All(Verbs, verb => Assert.Contains($".SS {verb}", page, StringComparison.Ordinal));
        Assert.Contains("\\fB\\-\\-tag\\-source\\fR \\fISOURCE\\fR", page, StringComparison.Ordinal);
        Assert.Contains(".TP\n66\nan input that is not there\n", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\n'", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("designs", "cma-no-tagged")]
    [InlineData("races", "R7")]
    [InlineData("workloads", "camera")]
    [InlineData("formats", "perfetto")]
    [InlineData("safeguards", "references-first")]
    [InlineData("columns", "given_back_mean_mib")]
    public void WhatCanBeNamedIsListed(string kind, string name)
    {
        Finished shown = CommandLine.Run("list", kind);
        JsonElement root = JsonDocument.Parse(CommandLine.Run("list", kind, "--json", "-").Output).RootElement;

        Assert.Contains($"\n{name} ", "\n" + shown.Output, StringComparison.Ordinal);
        Assert.Equal(("palimpsest.list", kind), (root.GetProperty("format").GetString(), root.GetProperty("kind").GetString()));
        Assert.Contains(name, root.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("bash", "palimpsest run ph", "phone")]
    [InlineData("bash", "palimpsest comp", "compare completion")]
    [InlineData("bash", "palimpsest explore R7 --without ref", "references-first")]
    public void AShellCompletesVerbsOptionsAndNames(string shell, string line, string expected)
    {
        string last = line[(line.LastIndexOf(' ') + 1)..];
        string script = $"palimpsest() {{ dotnet palimpsest.dll \"$@\"; }}; eval \"$(palimpsest completion {shell})\"; "
            + $"COMP_LINE='{line}'; COMP_POINT={line.Length}; COMP_WORDS=({line}); COMP_CWORD={line.Split(' ').Length - 1}; "
            + "_palimpsest; echo ${COMPREPLY[@]}";

        Assert.Equal(expected, Shell.Run(script).Output.Trim());
        Assert.StartsWith(last[..1], expected, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("zsh", "compdef _palimpsest palimpsest")]
    [InlineData("fish", "complete -c palimpsest")]
    public void OtherShellsHaveTheirScript(string shell, string expected) =>
        Assert.Contains(expected, CommandLine.Run("completion", shell).Output, StringComparison.Ordinal);

    [Fact]
    public void ResultsOfEveryVerbGoWhereTheyAreSent()
    {
        using TemporaryFolder folder = new();
        CommandLine.Run("explore", "R7", "--quiet", "--schedule", folder["a.schedule"], "--perfetto", folder["a.pftrace"]);
        Finished run = CommandLine.Run("run", "phone", "--ram", "16M", "--steps", "9", "--seeds", "2", "--design", "static", "--csv",
            folder["run"], "--html", folder["run.html"], "--quiet");
        Finished replay = CommandLine.Run("replay", folder["a.schedule"], "--json", "-");
        Finished tree = CommandLine.Run("inspect", CommandLine.SampleBoard, "--json", "-");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["a.pftrace", "a.schedule", "designs.csv", "provenance.json", "run.html", "seeds.csv"], folder.Files);
        Assert.Equal(3, File.ReadLines(Path.Combine(folder["run"], "seeds.csv")).Count());
        Assert.Contains("<section id=\"designs\">", File.ReadAllText(folder["run.html"]), StringComparison.Ordinal);
        Assert.Equal(("palimpsest.replay", "palimpsest.board"), (FormatOf(replay.Output), FormatOf(tree.Output)));
    }

    private static string FormatOf(string json) => JsonDocument.Parse(json).RootElement.GetProperty("format").GetString()!;
}
