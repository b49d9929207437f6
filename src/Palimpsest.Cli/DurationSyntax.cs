using System.CommandLine.Parsing;
using System.Globalization;
using Palimpsest.Lab.Census;

namespace Palimpsest.Cli;

/// <summary>Durations as people write them: 500ms, 5s, 2m, 1h; seconds without a unit.</summary>
internal static class DurationSyntax
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600), ("", 1)];

    /// <summary>In seconds; null, with an error of the command line, for what is none.</summary>
    public static double? Parse(ArgumentResult result)
    {
        const double Longest = CensusWatch.LongestSeconds;
        string text = result.Tokens[0].Value;
        foreach ((string unit, double seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out double number))
            {
                if (number * seconds is > 0 and <= Longest)
                {
                    return number * seconds;
                }

                break;
            }
        }

        result.AddError($"'{text}' is not a duration; write e.g. 500ms, 5s, 2m or 1h");
        return null;
    }
}
