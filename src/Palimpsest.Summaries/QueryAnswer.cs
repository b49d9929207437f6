using System.Collections;
using System.Globalization;

namespace Palimpsest.Summaries;

/// <summary>Rows that a question gave.</summary>
/// <param name="Rows">Values as <see cref="AnswerValue"/> has them.</param>
public sealed record QueryAnswer(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows);

/// <summary>
/// A value of an answer: null, a text, a number, or a list of these. What the database has beside them is a text here, as it writes it:
/// dates and times as in ISO 8601, truth as true and false, bytes in hexadecimal, records as {name: value}.
/// </summary>
internal static class AnswerValue
{
    public static object? Of(object value) => value switch
    {
        string or double or float or decimal or sbyte or byte or short or ushort or int or uint or long or ulong or UInt128 or Int128
            or System.Numerics.BigInteger => value,
        bool truth => truth ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time => Seconds(time, "yyyy-MM-dd HH:mm:ss"),
        DateTimeOffset time => Seconds(time.UtcDateTime, "yyyy-MM-dd HH:mm:ss") + "Z",
        TimeOnly time => Seconds(DateTime.UnixEpoch + time.ToTimeSpan(), "HH:mm:ss"),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        Stream bytes => Hex(bytes),
        IDictionary record => $"{{{string.Join(", ", record.Keys.Cast<object>().Select(key => $"{key}: {Inner(record[key])}"))}}}",
        IEnumerable list => list.Cast<object?>().Select(item => item is null ? null : Of(item)).ToArray(),
        _ => value.ToString(),
    };

    /// <summary>A value as it stands in CSV: numbers so that they read back the same.</summary>
    public static string TextOf(object? value) => value switch
    {
        null => "",
        string text => text,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(' ', list.Cast<object?>().Select(TextOf)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    // Parts of a second only where there are any.
    private static string Seconds(DateTime time, string format) =>
        time.ToString(format + (time.Ticks % TimeSpan.TicksPerSecond == 0 ? "" : ".FFFFFFF"), CultureInfo.InvariantCulture);

    private static string Inner(object? value) => value is null ? "null" : TextOf(Of(value));

    private static string Hex(Stream stream)
    {
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return Convert.ToHexStringLower(bytes.ToArray());
    }
}
