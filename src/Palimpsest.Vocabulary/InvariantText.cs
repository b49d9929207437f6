using System.Globalization;
using System.Runtime.CompilerServices;

namespace Palimpsest.Vocabulary;

/// <summary>
/// An interpolated string whose numbers look the same in every culture. A parameter of this type takes literals joined by +, which a
/// <see cref="FormattableString"/> does not.
/// </summary>
[InterpolatedStringHandler]
public ref struct InvariantText(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>The text, with numbers as the invariant culture writes them.</summary>
    public static string Of(InvariantText text) => text._text.ToStringAndClear();

    /// <summary>Called by the compiler for what stands between holes.</summary>
    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    /// <summary>Called by the compiler for a hole.</summary>
    public void AppendFormatted<T>(T value, string? format = null) => _text.AppendFormatted(value, format);

    /// <summary>Called by the compiler for a hole of a width.</summary>
    public void AppendFormatted<T>(T value, int alignment, string? format = null) => _text.AppendFormatted(value, alignment, format);
}
