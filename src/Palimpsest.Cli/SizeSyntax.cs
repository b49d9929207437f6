using System.CommandLine.Parsing;
using System.Globalization;

namespace Palimpsest.Cli;

/// <summary>Sizes and addresses as people write them: 512M, 2G, 0x80000000.</summary>
internal static class SizeSyntax
{
    public static bool TryParse(string text, out ulong bytes)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes);
        }

        int shift = text.Length == 0 ? 0 : char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => 0,
        };
        ReadOnlySpan<char> digits = shift == 0 ? text : text.AsSpan(0, text.Length - 1);
        bool valid = ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out bytes) && bytes <= ulong.MaxValue >> shift;
        bytes <<= valid ? shift : 0;
        return valid;
    }

    public static ulong? Parse(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (TryParse(text, out ulong bytes))
        {
            return bytes;
        }

        result.AddError($"'{text}' is not a size; write e.g. 512M, 2G or 0x80000000");
        return null;
    }
}
