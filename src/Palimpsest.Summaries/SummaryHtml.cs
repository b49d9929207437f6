using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Palimpsest.Reports;
using Palimpsest.Reports.Html;
using Palimpsest.Vocabulary;

namespace Palimpsest.Summaries;

/// <summary>A sweep as one page: the designs, heat maps over two parameters, and for each cell the command that repeats it.</summary>
public static class SummaryHtml
{
    /// <summary>Cells that a page can hold; of more it has a part, and says so.</summary>
    private const int MostPoints = 50_000;

    private const ulong MostOfScript = 1UL << 53;

    /// <summary>A whole page, which needs no other file; the writer stays open.</summary>
    public static void Write(TextWriter writer, ResultTable table, SweepSummary summary, Provenance? provenance = null)
    {
        Markup html = new(writer);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(table.Folder));
        PageShell.Open(html, $"sweep {name}", runsScripts: true);
        html.Line($"<header><h1>Sweep {name}</h1>");
        foreach ((int index, string sentence) in SweepAnswer.Of(summary).Index())
        {
            html.Line($"<p class=\"{(index == 0 ? "answer" : "note")}\">{sentence}</p>");
        }

        html.Line($"</header>");
        WriteTables(html, summary);
        QueryAnswer points = table.AskOwn("points");
        html.Line($"<section id=\"maps\"><h2>Heat map over two parameters</h2>");
        if (points.Rows.Count > MostPoints)
        {
            html.Line($"<p class=\"alarm\">The first {Figures.Count(MostPoints)} of {Figures.Count(points.Rows.Count)} cells; "
                + $"palimpsest results --sql has all.</p>");
        }

        html.Line($"<p class=\"choice\" id=\"filters\"></p><div class=\"scroll\" id=\"map\"></div>");
        html.Line($"<p class=\"note\">A field is the mean of its cells; choose one to see them, each with the command that repeats it in "
            + $"the folder of the experiment.</p>");
        html.Line($"<h2>Cells</h2><p class=\"note\" id=\"chosen\"></p><div class=\"scroll\" id=\"cells\"></div></section>");
        ProvenanceSection.Write(html, provenance);
        PageShell.EndContent(html);
        html.Raw($"<script type=\"application/json\" id=\"points\">{PointsJson(points)}</script>\n");
        html.Raw($"<script>\n{Script()}</script>\n");
        PageShell.Close(html);
    }

    private static void WriteTables(Markup html, SweepSummary summary)
    {
        html.Line($"<section id=\"designs\">");
        foreach (StandingTable table in SummaryTables.Of(summary).Where(table => table.Rows.Count > 0))
        {
            html.Write($"<h2>{table.Title}</h2><div class=\"scroll\"><table class=\"plain\"><thead><tr>");
            foreach (string column in table.Columns)
            {
                html.Write($"<th>{column}</th>");
            }

            html.Line($"</tr></thead><tbody>");
            foreach (IReadOnlyList<string> row in table.Rows)
            {
                html.Write($"<tr><th scope=\"row\">{row[0]}</th>");
                foreach (string cell in row.Skip(1))
                {
                    html.Write($"<td>{cell}</td>");
                }

                html.Line($"</tr>");
            }

            html.Line($"</tbody></table></div>");
        }

        html.Line($"<p class=\"note\">Given, at the worst and net are percent of the carve-out, net without what is stranded; regret is "
            + $"what the best gives back more, at the worst; the front: nobody gives back as much net for as little modelled time; saved: "
            + $"of the pages that today's machine (static) reclaims with the same seed, what it does not.</p></section>");
    }

    private static string PointsJson(QueryAnswer points)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray("columns");
            foreach (string column in points.Columns)
            {
                json.WriteStringValue(column);
            }

            json.WriteEndArray();
            json.WriteStartArray("rows");
            foreach (IReadOnlyList<object?> row in points.Rows.Take(MostPoints))
            {
                json.WriteStartArray();
                foreach (object? value in row)
                {
                    WriteValue(json, value);
                }

                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        // The writer escapes what could end the script.
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(OneLine.Of(text));
                break;
            case double number:
                json.WriteNumberValue(Math.Round(number, 6));
                break;
            // No number of a script: its seed would be another.
            case ulong seed and > MostOfScript:
                json.WriteStringValue(seed.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Script()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Palimpsest.Summaries.sweep.js")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
