using System.CommandLine;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Cli;

/// <summary>A TRACE argument that may be left out, and what a recording must be to be used.</summary>
internal static class OptionalTrace
{
    /// <summary>An optional argument would otherwise swallow a mistyped option.</summary>
    public static void RefuseOptions(Argument<string?> trace) => trace.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: ['-', '-', ..] option }])
        {
            result.AddError($"Unrecognized option '{option}'.");
        }
    });

    /// <exception cref="InputException">The recording was cut off, and nobody said that this is known.</exception>
    public static void RequireWhole(Trace trace, string path, bool mayBeTruncated)
    {
        if (trace.CutOff is { } where && !mayBeTruncated)
        {
            throw new InputException($"{path}: {where} Copy it again, or add --allow-truncated to use what there is");
        }
    }
}
