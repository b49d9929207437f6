using System.Globalization;

namespace Palimpsest.Reports.Csv;

/// <summary>Cells and rows of a table in CSV (RFC 4180, but for the ends of lines).</summary>
internal static class CsvText
{
    private const int Decimals = 6;
    private const string NanosecondSuffix = "_ns";

    /// <summary>What is a member of an object in JSON is one name here, with the unit at its end.</summary>
    public static string Heading(string id) => id.Split('.') switch
    {
        [var group, var name] when group.EndsWith(NanosecondSuffix, StringComparison.Ordinal) =>
            $"{group[..^NanosecondSuffix.Length]}_{name}{NanosecondSuffix}",
        [var group, var name] => $"{group}_{name}",
        _ => id,
    };

    public static void WriteRow(TextWriter writer, IEnumerable<string> cells)
    {
        writer.Write(string.Join(',', cells));
        writer.Write('\n');
    }

    public static string Field(string text) => text.Contains(',', StringComparison.Ordinal) ? Quoted(text) : text;

    public static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Number(double value) => Math.Round(value, Decimals).ToString(CultureInfo.InvariantCulture);
}
