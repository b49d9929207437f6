using System.Buffers;

namespace Palimpsest.Summaries;

/// <summary>Rows in CSV (RFC 4180, but for the ends of lines): numbers whole, so that they read back the same.</summary>
public static class SummaryCsv
{
    /// <summary>All cells, in an order that depends on nothing but them.</summary>
    public const string AllCells = "select * exclude (build) from cells order by verb, view, recording, workload, setting, label, seed";

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    /// <summary>A heading, then the rows of an answer; the writer stays open.</summary>
    public static void Write(TextWriter writer, QueryAnswer answer)
    {
        WriteRow(writer, answer.Columns);
        foreach (IReadOnlyList<object?> row in answer.Rows)
        {
            WriteRow(writer, row.Select(AnswerValue.TextOf));
        }
    }

    private static void WriteRow(TextWriter writer, IEnumerable<string> fields)
    {
        writer.Write(string.Join(',', fields.Select(Field)));
        writer.Write('\n');
    }

    private static string Field(string text) => text.AsSpan().ContainsAny(Special)
        ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
