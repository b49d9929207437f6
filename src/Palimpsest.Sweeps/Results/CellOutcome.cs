using System.Buffers;
using System.Text.Json;

namespace Palimpsest.Sweeps.Results;

/// <summary>How a cell ended.</summary>
public enum CellStatus
{
    /// <summary>It has figures.</summary>
    Done,

    /// <summary>Its design does not fit the board, or an input cannot be used: wherever it is tried, the same.</summary>
    Refused,

    /// <summary>It was tried three times and broke each time: a mistake of this program.</summary>
    Failed,
}

/// <summary>What a cell gave: the same bytes wherever it was computed, with nothing in it of when, where or how fast.</summary>
/// <param name="Text">Why there are no figures, or the schedule that broke a law; null for neither.</param>
/// <param name="Values">In the order of <see cref="FigureColumns.Ids"/>; null for what was not measured. Empty without figures.</param>
public sealed record CellOutcome(CellStatus Status, string? Text, double?[] Values)
{
    /// <summary>The machine cannot be, or a design does not fit it: the same every time.</summary>
    public static CellOutcome Refused(string reason) => new(CellStatus.Refused, reason, []);

    /// <summary>It broke at every try.</summary>
    public static CellOutcome Failed(string reason) => new(CellStatus.Failed, reason, []);

    /// <summary>A line of JSON, without its end.</summary>
    public byte[] ToBytes()
    {
        ArrayBufferWriter<byte> bytes = new(1024);
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartArray();
            json.WriteStringValue(NameOf(Status));
            json.WriteStringValue(Text);
            foreach (double? value in Values)
            {
                if (value is { } number)
                {
                    json.WriteNumberValue(number);
                }
                else
                {
                    json.WriteNullValue();
                }
            }

            json.WriteEndArray();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out CellOutcome outcome)
    {
        outcome = Failed("");
        try
        {
            Utf8JsonReader json = new(bytes);
            CellStatus? status = json.Read() && json.TokenType == JsonTokenType.StartArray && json.Read()
                ? StatusOf(json.GetString()) : null;
            string? text = json.Read() ? json.GetString() : null;
            List<double?> values = [];
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                values.Add(json.TokenType == JsonTokenType.Null ? null : json.GetDouble());
            }

            outcome = new CellOutcome(status ?? CellStatus.Failed, text, [.. values]);
            return status is not null && json.TokenType == JsonTokenType.EndArray
                && (values.Count == FigureColumns.Ids.Count || (values.Count == 0 && status != CellStatus.Done));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    internal static string NameOf(CellStatus status) => status switch
    {
        CellStatus.Done => "done",
        CellStatus.Refused => "refused",
        _ => "failed",
    };

    private static CellStatus? StatusOf(string? name) => name switch
    {
        "done" => CellStatus.Done,
        "refused" => CellStatus.Refused,
        "failed" => CellStatus.Failed,
        _ => null,
    };
}
