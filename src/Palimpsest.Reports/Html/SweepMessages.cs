using System.Buffers;
using System.Text.Json;

namespace Palimpsest.Reports.Html;

/// <summary>How a sweep stands, as its page shows it.</summary>
/// <param name="State">running, done or stopped.</param>
/// <param name="Rate">Cells a second.</param>
/// <param name="SecondsLeft">At that rate; null while there is none.</param>
public sealed record SweepStanding(string Name, string State, int Cells, int Done, int InFlight, int Refused, int SetAside, double Rate,
    double? SecondsLeft);

/// <summary>What the cells of a sweep tell so far, a row a design.</summary>
/// <param name="Rows">Texts in the order of the columns; the first is the design.</param>
public sealed record StandingTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>What the page that follows sweeps is told; web/report/sweepview.js reads it.</summary>
public static class SweepMessages
{
    /// <summary>All that the page shows: it takes the place of whatever was told before.</summary>
    public static byte[] Look(IReadOnlyList<SweepStanding> sweeps, IReadOnlyList<StandingTable> tables)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("kind", "look");
            json.WriteStartArray("sweeps");
            foreach (SweepStanding sweep in sweeps)
            {
                Write(json, sweep);
            }

            json.WriteEndArray();
            json.WriteStartArray("tables");
            foreach (StandingTable table in tables)
            {
                Write(json, table);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, SweepStanding sweep)
    {
        json.WriteStartObject();
        json.WriteString("name", sweep.Name);
        json.WriteString("state", sweep.State);
        json.WriteNumber("cells", sweep.Cells);
        json.WriteNumber("done", sweep.Done);
        json.WriteNumber("inFlight", sweep.InFlight);
        json.WriteNumber("refused", sweep.Refused);
        json.WriteNumber("setAside", sweep.SetAside);
        json.WriteNumber("rate", Math.Round(sweep.Rate, 3));
        json.WritePropertyName("left");
        if (sweep.SecondsLeft is { } left)
        {
            json.WriteNumberValue(Math.Round(left, 1));
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StandingTable table)
    {
        json.WriteStartObject();
        json.WriteString("title", table.Title);
        json.WriteStartArray("columns");
        foreach (string column in table.Columns)
        {
            json.WriteStringValue(column);
        }

        json.WriteEndArray();
        json.WriteStartArray("rows");
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            json.WriteStartArray();
            foreach (string text in row)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
