using System.Text.Json;
using Palimpsest.Lab.Courses;
using Palimpsest.Lab.Metrics;
using Palimpsest.Lab.Trials;
using Palimpsest.Traces;

namespace Palimpsest.Reports.Html;

/// <summary>What the page of a view is told, a JSON text each; web/report/view.js reads them.</summary>
public static class FilmMessages
{
    /// <summary>Names of the designs and the shape of memory: the first message.</summary>
    public static byte[] Start(CourseStart start) => Of("start", json =>
    {
        json.WriteNumber("pageBytes", start.PageBytes);
        json.WriteString("timeUnit", Figures.Unit(start.Clock));
        json.WritePropertyName("end");
        ChartData.WriteTime(json, start.Clock, start.DurationNs);
        json.WriteStartObject("shape");
        CourseData.WriteShape(json, start.Grid, start.Orders);
        json.WriteEndObject();
        json.WriteStartArray("designs");
        foreach (DesignFacts design in start.Designs)
        {
            json.WriteStartObject();
            json.WriteString("name", design.Label);
            json.WriteBoolean("bound", design.IsBound);
            json.WriteNumber("storage", start.StorageFrames);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>A moment that a design has reached.</summary>
    /// <param name="design">Its position in the list.</param>
    /// <param name="before">The moment before it; null for the first.</param>
    public static byte[] Moment(int design, MemoryMoment moment, MemoryMoment? before, TraceClock clock) => Of("moment", json =>
    {
        json.WriteNumber("design", design);
        json.WritePropertyName("moment");
        CourseData.WriteMoment(json, moment, before, clock);
    });

    /// <summary>A design that has run to its end: the whole course takes the place of what was told while it ran.</summary>
    public static byte[] Design(FilmDesign design, TraceClock clock) => Of("design", json =>
    {
        json.WriteString("name", design.Design.Label);
        json.WriteNumber("storage", design.Storage.StorageFrames);
        json.WriteNumber("givenBackMean", Math.Round(design.Storage.GivenBackMean, 4));
        json.WriteNumber("givenBackMin", design.Storage.GivenBackMin);
        json.WritePropertyName("givenBackMinTime");
        ChartData.WriteTime(json, clock, design.Storage.GivenBackMinTimeNs);
        json.WriteNumber("reservedMax", design.Storage.ReservedMax);
        json.WriteNumber("usedMean", Math.Round(design.Storage.LentMean, 4));
        json.WriteStartObject("course");
        CourseData.Write(json, design.Course, clock);
        json.WriteEndObject();
    });

    /// <summary>All has run: which design to look at first, and which could not run, and why.</summary>
    public static byte[] Done(Film film) => Of("done", json =>
    {
        json.WriteString("best", film.Best ?? (film.Designs.Count > 0 ? film.Designs[0].Design.Label : ""));
        json.WriteStartArray("unfit");
        foreach (UnfitDesign design in film.Unfit)
        {
            json.WriteStringValue($"{design.Design.Label} is left out: {design.Reason}.");
        }

        json.WriteEndArray();
    });

    /// <summary>It could not run to its end.</summary>
    public static byte[] Failed(string reason) => Of("failed", json => json.WriteString("reason", reason));

    /// <summary>Pages of a cell that a pane has asked for.</summary>
    public static byte[] Opened(FilmQuestion question, IReadOnlyList<OpenedBlock> blocks) => Of("opened", json =>
    {
        WriteQuestion(json, question);
        json.WriteStartArray("blocks");
        foreach (OpenedBlock block in blocks)
        {
            json.WriteStartObject();
            json.WriteNumber("pfn", block.Pfn);
            json.WriteStartArray("pages");
            foreach (PageUse use in block.Pages)
            {
                json.WriteNumberValue((int)use);
            }

            json.WriteEndArray();
            json.WriteString("storagePfn", block.StoragePfn is { } pfn ? Figures.Hexadecimal(pfn) : "");
            json.WriteNumber("storage", (int)block.Storage);
            json.WriteNumber("tagged", block.Tagged);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>Why a pane does not get what it asked for.</summary>
    public static byte[] Refused(FilmQuestion question, string reason) => Of("opened", json =>
    {
        WriteQuestion(json, question);
        json.WriteString("failed", reason);
    });

    private static void WriteQuestion(Utf8JsonWriter json, FilmQuestion question)
    {
        json.WriteNumber("pane", question.Pane);
        json.WriteNumber("moment", question.Moment);
        json.WriteNumber("cell", question.Cell);
    }

    private static byte[] Of(string kind, Action<Utf8JsonWriter> write)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}

/// <summary>What a page asks for: the pages of a cell at a moment.</summary>
/// <param name="Pane">Who asks: 0 the first, 1 the second.</param>
/// <param name="Design">Label of its design.</param>
/// <param name="IsWhole">The page has the whole course; else moments count as they were told while it ran.</param>
public readonly record struct FilmQuestion(int Pane, string Design, int Moment, int Cell, bool IsWhole)
{
    /// <summary>Reads a message of the page; null for one that is none.</summary>
    public static FilmQuestion? Read(ReadOnlySpan<byte> message)
    {
        try
        {
            Utf8JsonReader reader = new(message);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement told = document.RootElement;
            return new FilmQuestion(told.GetProperty("pane").GetInt32(), told.GetProperty("design").GetString() ?? "",
                told.GetProperty("moment").GetInt32(), told.GetProperty("cell").GetInt32(),
                told.GetProperty("whole").GetBoolean());
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
