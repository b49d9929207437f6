using System.Text;
using System.Text.Json;
using Palimpsest.Lab.Courses;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Reports.Html;

/// <summary>
/// A course as the page's script reads it, moment after moment, each as what differs from the one before: a letter a cell, a dash for a
/// cell that is as it was, and a number behind either where it repeats. Free chunks the same with numbers.
/// </summary>
internal static class CourseData
{
    // A letter for each number that MemoryCell.Code can be; none that JSON or HTML would write in another way.
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%()*=";

    /// <summary>Where cells lie, and what lists there are.</summary>
    public static void WriteShape(Utf8JsonWriter json, MemoryCourse course) =>
        WriteShape(json, course.Grid, course.Moments[0].Chunks.Length / MigrateTypes.Count);

    /// <param name="orders">Orders of free chunks, from 0 on.</param>
    /// <inheritdoc cref="WriteShape(Utf8JsonWriter, MemoryCourse)"/>
    public static void WriteShape(Utf8JsonWriter json, CourseGrid grid, int orders)
    {
        json.WriteNumber("cellBytes", (double)grid.CellBytes);
        json.WriteNumber("group", grid.PageBlocks);
        json.WriteNumber("orders", orders);
        json.WriteStartArray("types");
        foreach (MigrateType type in Enum.GetValues<MigrateType>())
        {
            json.WriteStringValue(type.ToString());
        }

        json.WriteEndArray();
        json.WriteStartArray("runs");
        foreach (CellRun run in grid.Runs)
        {
            json.WriteStartObject();
            json.WriteNumber("base", run.Base);
            json.WriteNumber("cells", run.Cells);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A whole course, in the object that is open.</summary>
    public static void Write(Utf8JsonWriter json, MemoryCourse course, TraceClock clock)
    {
        json.WriteBoolean("keepsAll", course.KeepsAll);
        json.WriteStartArray("moments");
        MemoryMoment? before = null;
        foreach (MemoryMoment moment in course.Moments)
        {
            WriteMoment(json, moment, before, clock);
            before = moment;
        }

        json.WriteEndArray();
        json.WriteStartArray("marks");
        foreach (CourseMark mark in course.Marks)
        {
            json.WriteStartObject();
            json.WriteString("kind", NameOf(mark.Kind));
            json.WriteNumber("moment", mark.Moment);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteFailures(json, course, clock);
    }

    /// <summary>Time, then reserved, lent, tagged, reserved blocks, migrated and free frames, then free chunks and cells.</summary>
    /// <param name="before">What it is told as a difference from; null for the first.</param>
    public static void WriteMoment(Utf8JsonWriter json, MemoryMoment moment, MemoryMoment? before, TraceClock clock)
    {
        json.WriteStartArray();
        ChartData.WriteTime(json, clock, moment.Figures.TimeNs);
        json.WriteNumberValue(moment.Figures.Reserved);
        json.WriteNumberValue(moment.Figures.Lent);
        json.WriteNumberValue(moment.Figures.Tagged);
        json.WriteNumberValue(moment.Figures.ReservedBlocks);
        json.WriteNumberValue(moment.Figures.MigratedFrames);
        json.WriteNumberValue(moment.Figures.Free);
        json.WriteStringValue(Chunks(moment.Chunks, before?.Chunks));
        json.WriteStringValue(Cells(moment.Cells, before?.Cells));
        json.WriteEndArray();
    }

    internal static string Cells(byte[] cells, byte[]? before)
    {
        StringBuilder text = new();
        for (int at = 0; at < cells.Length;)
        {
            char letter = LetterAt(at);
            int end = at + 1;
            while (end < cells.Length && LetterAt(end) == letter)
            {
                end++;
            }

            if (letter != '-' || end < cells.Length)
            {
                text.Append(letter);
                Append(text, end - at);
            }

            at = end;
        }

        return text.ToString();

        char LetterAt(int at) => before is not null && before[at] == cells[at] ? '-' : Letters[cells[at]];
    }

    private static string Chunks(int[] chunks, int[]? before)
    {
        StringBuilder text = new();
        int same = 0;
        for (int at = 0; at < chunks.Length; at++)
        {
            if ((before?[at] ?? 0) == chunks[at])
            {
                same++;
                continue;
            }

            if (same > 0)
            {
                text.Append('-');
                Append(text, same);
                same = 0;
            }

            text.Append(' ').Append(chunks[at]);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, int times)
    {
        if (times > 1)
        {
            text.Append(times);
        }
    }

    private static void WriteFailures(Utf8JsonWriter json, MemoryCourse course, TraceClock clock)
    {
        json.WriteStartObject("failureCounts");
        foreach (FailureKind kind in course.FailureCounts.Keys.Order())
        {
            json.WriteNumber(NameOf(kind), course.FailureCounts[kind]);
        }

        json.WriteEndObject();
        json.WriteStartArray("failures");
        foreach (MemoryFailure failure in course.Failures)
        {
            json.WriteStartArray();
            ChartData.WriteTime(json, clock, failure.TimeNs);
            json.WriteNumberValue(failure.Moment);
            json.WriteStringValue(NameOf(failure.Kind));
            json.WriteStringValue(failure.Pfn is { } pfn ? Figures.Hexadecimal(pfn) : "");
            json.WriteNumberValue(failure.Order);
            json.WriteStringValue(failure.Reason);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static string NameOf(CourseMarkKind kind) => kind switch
    {
        CourseMarkKind.LeastGivenBack => "least given back",
        CourseMarkKind.MostOverIdeal => "most reserved over the ideal",
        _ => "least free",
    };

    private static string NameOf(FailureKind kind) => kind switch
    {
        FailureKind.NoMemory => "no memory",
        FailureKind.Untagged => "left untagged",
        _ => "storage busy",
    };
}
