using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace Palimpsest.Reports.Html;

/// <summary>
/// An interpolated string of HTML: what is spelled in the source is markup, what is put in between is text and gets escaped.
/// </summary>
[InterpolatedStringHandler]
internal ref struct MarkupText(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _markup = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    public static string Of(MarkupText markup) => markup._markup.ToStringAndClear();

    public void AppendLiteral(string value) => _markup.AppendLiteral(value);

    public void AppendFormatted(string? value) => _markup.AppendLiteral(WebUtility.HtmlEncode(value) ?? "");

    public void AppendFormatted<T>(T value, string? format = null) => _markup.AppendFormatted(value, format);
}
