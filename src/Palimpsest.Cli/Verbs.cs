using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Palimpsest.Cli;

/// <summary>All that the program can be told to do.</summary>
internal static partial class Verbs
{
    public static RootCommand Root() => new("Compares ways to lend the tag storage of Arm MTE, on recordings of real kernels.")
    {
        CompareCommand.Create(),
        RunCommand.Create(),
        ExecCommand.Create(),
        ViewCommand.Create(),
        ExploreCommand.Create(),
        ReplayCommand.Create(),
        VerifyCommand.Create(),
        CensusCommand.Create(),
        InspectCommand.Create(),
        RecordCommand.Create(),
        RerunCommand.Create(),
        DiffCommand.Create(),
        SweepCommand.Create(),
        WorkerCommand.Create(),
        ResultsCommand.Create(),
        ListCommand.Create(),
        CompletionCommand.Create(),
        ManCommand.Create(),
    };

    /// <summary>Words that people try first, as the parser has them.</summary>
    public static string[] Meant(string[] words) => words switch
    {
        [] or ["help"] => ["--help"],
        ["help", var verb] => [verb, "--help"],
        ["version"] => ["--version"],
        _ => words,
    };

    /// <summary>What is wrong with a call, what may have been meant, and where to read more.</summary>
    public static string Complaint(ParseResult parsed)
    {
        Command verb = parsed.CommandResult.Command;
        string help = verb is RootCommand ? "palimpsest --help" : $"palimpsest {verb.Name} --help";
        // An argument that may be left out takes a mistyped option for itself, and what follows it is then one too many.
        string? unknown = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens)
            .Select(token => token.Value).FirstOrDefault(value => value.StartsWith("--", StringComparison.Ordinal))
            ?? (parsed.UnmatchedTokens.Count > 0 ? parsed.UnmatchedTokens[0] : null);
        string message = unknown switch
        {
            null => Readable(parsed.Errors[0]),
            ['-', ..] => $"there is no option {unknown}{Nearest.Hint(unknown, verb.Options.Select(option => option.Name))}",
            _ when verb is RootCommand =>
                $"there is no verb {unknown}{Nearest.Hint(unknown, verb.Subcommands.Select(command => command.Name))}",
            _ => $"{verb.Name} takes no further argument, and '{unknown}' is one",
        };
        return $"{message} (see {help})";
    }

    private static string Readable(ParseError error) => OfType().Match(error.Message) is { Success: true } match
        ? $"{match.Groups[2].Value} {match.Groups[1].Value}: give a {(match.Groups[3].Value.Contains("Double", StringComparison.Ordinal)
            ? "" : "whole ")}number"
        : error.Message;

    [GeneratedRegex("^Cannot parse argument '(.*)' for (?:option|command) '(.*)' as expected type '(.*)'\\.")]
    private static partial Regex OfType();
}
