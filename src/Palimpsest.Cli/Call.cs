using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Palimpsest.Lab.Census;
using Palimpsest.Reports;

namespace Palimpsest.Cli;

/// <summary>What the program was told, as others can tell it again: no path of who did, nothing about where results go.</summary>
internal static class Call
{
    /// <param name="samples">Inputs that come with the program and were taken because no other was named.</param>
    /// <param name="standardInput">What "-" was read from.</param>
    public static Provenance ProvenanceOf(ParseResult parsed, IEnumerable<(string Name, string Path)> samples, Stream? standardInput)
    {
        List<string> command = [parsed.CommandResult.Command.Name];
        List<InputDigest> inputs = [];
        foreach (SymbolResult result in parsed.CommandResult.Children)
        {
            switch (result)
            {
                case ArgumentResult { Tokens.Count: > 0, Argument: InputArgument argument } given:
                    inputs.AddRange(DigestsOf(argument.Name, given.Tokens[0].Value, standardInput));
                    command.Add(NameOf(given.Tokens[0].Value));
                    break;
                case ArgumentResult given:
                    command.AddRange(given.Tokens.Select(token => token.Value));
                    break;
                case OptionResult { Implicit: false, Option: InputOption option } given:
                    inputs.AddRange(DigestsOf(option.Name, given.Tokens[0].Value, standardInput));
                    command.AddRange([option.Name, NameOf(given.Tokens[0].Value)]);
                    break;
                case OptionResult { Implicit: false, Option: not (OutputOption or DisplayOption) } given:
                    command.AddRange(given.Tokens.Count == 0 ? [given.Option.Name]
                        : given.Tokens.SelectMany(token => new[] { given.Option.Name, token.Value }));
                    break;
            }
        }

        inputs.AddRange(samples.SelectMany(sample => DigestsOf("sample", sample.Path, standardInput)
            .Select(digest => digest.Role == "sample" ? digest with { Name = sample.Name } : digest)));
        return Provenance.Of(command, inputs);
    }

    /// <summary>The last part of a path, which says nothing of who has it where.</summary>
    public static string NameOf(string path) =>
        path is "-" or CensusTrial.OwnMachine ? path : Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    private static IEnumerable<InputDigest> DigestsOf(string role, string path, Stream? standardInput)
    {
        if (path == "-")
        {
            yield return (standardInput as StandardInput)?.Digest() is var (bytes, hash)
                ? new InputDigest(role, path, bytes, Convert.ToHexStringLower(hash))
                : new InputDigest(role, path, Bytes: null, Sha256: null);
            yield break;
        }

        yield return InputHash.Of(role, NameOf(path), path);
        if (Directory.Exists(path) && path != CensusTrial.OwnMachine)
        {
            foreach (string other in InputHash.Beside(path))
            {
                yield return InputHash.Of(string.Create(CultureInfo.InvariantCulture, $"beside {role}"), NameOf(other), other);
            }
        }
    }
}
