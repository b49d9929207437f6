using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace Palimpsest.Cli;

/// <summary>All that the program can be told to do.</summary>
internal static partial class Verbs
{
    // A verb that is not called is not made: each takes milliseconds.
    private static readonly (string Name, Func<Command> Create)[] All =
    [
        ("compare", CompareCommand.Create),
        ("run", RunCommand.Create),
        ("exec", ExecCommand.Create),
        ("view", ViewCommand.Create),
        ("explore", ExploreCommand.Create),
        ("replay", ReplayCommand.Create),
        ("verify", VerifyCommand.Create),
        ("census", CensusCommand.Create),
        ("inspect", InspectCommand.Create),
        ("record", RecordCommand.Create),
        ("rerun", RerunCommand.Create),
        ("diff", DiffCommand.Create),
        ("sweep", SweepCommand.Create),
        ("worker", WorkerCommand.Create),
        ("results", ResultsCommand.Create),
        ("list", ListCommand.Create),
        ("completion", CompletionCommand.Create),
        ("man", ManCommand.Create),
    ];

    /// <summary>The verb that is called, or all where none of them is named first.</summary>
    public static RootCommand Root(IReadOnlyList<string> words)
    {
        RootCommand root = new("Compares ways to lend the tag storage of Arm MTE, on recordings of real kernels.");
        int named = words.Count == 0 ? -1 : PlaceOf(words[0]);
        foreach ((_, Func<Command> create) in named < 0 ? All : All.AsSpan(named, 1))
        {
            root.Add(create());
        }

        return root;
    }

    public static bool Has(string name) => PlaceOf(name) >= 0;

    private static int PlaceOf(string name) => Array.FindIndex(All, verb => verb.Name == name);

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
