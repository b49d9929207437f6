using System.CommandLine;

namespace Palimpsest.Cli;

/// <summary>A TRACE argument that may be left out.</summary>
internal static class OptionalTrace
{
    /// <summary>An optional argument would otherwise swallow a mistyped option.</summary>
    public static void RefuseOptions(InputArgument trace) => trace.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: ['-', '-', ..] option }])
        {
            result.AddError($"Unrecognized option '{option}'.");
        }
    });
}
