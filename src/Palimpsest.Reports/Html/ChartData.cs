using System.Text;
using System.Text.Json;
using Palimpsest.Lab.Trials;
using Palimpsest.Lab.Metrics;
using Palimpsest.Traces;

namespace Palimpsest.Reports.Html;

/// <summary>The numbers behind the pictures: one column for each figure, in pages, so that they stay short and exact.</summary>
internal static class ChartData
{
    // The default encoder escapes < and &: nothing in the data can end its script element.
    public static string Json(ComparisonResult result, Labels labels, DesignResult? best)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("pageBytes", result.Board.PageBytes);
            json.WriteString("timeUnit", Figures.Unit(result.Recording.Clock));
            json.WriteString("best", best is null ? "" : labels.Of(best));
            WriteTimes(json, result);
            MapData map = new(result);
            map.WriteShape(json);
            WriteCourseShape(json, result);
            json.WriteStartArray("designs");
            foreach (DesignResult design in result.Designs)
            {
                WriteDesign(json, result, design, labels.Of(design), map);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteCourseShape(Utf8JsonWriter json, ComparisonResult result)
    {
        if (result.Designs.Select(design => design.Course).FirstOrDefault(course => course is not null) is { } course)
        {
            json.WriteStartObject("shape");
            CourseData.WriteShape(json, course);
            json.WriteEndObject();
        }
    }

    // One column for all designs: a comparison samples each at the same moments.
    private static void WriteTimes(Utf8JsonWriter json, ComparisonResult result)
    {
        json.WriteStartArray("time");
        foreach (TimePoint point in result.Designs.Count == 0 ? [] : result.Designs[0].TimeLine)
        {
            WriteTime(json, result.Recording.Clock, point.TimeNs);
        }

        json.WriteEndArray();
    }

    /// <summary>A time in the unit of its clock.</summary>
    public static void WriteTime(Utf8JsonWriter json, TraceClock clock, long time)
    {
        if (clock == TraceClock.Time)
        {
            json.WriteNumberValue(Math.Round(time / 1e9, 6));
        }
        else
        {
            json.WriteNumberValue(time);
        }
    }

    private static void WriteDesign(Utf8JsonWriter json, ComparisonResult result, DesignResult design, string label, MapData map)
    {
        json.WriteStartObject();
        json.WriteString("name", label);
        json.WriteBoolean("bound", design.Design.IsBound);
        json.WriteNumber("storage", design.Storage.StorageFrames);
        json.WriteNumber("givenBackMean", Math.Round(design.Storage.GivenBackMean, 4));
        json.WriteNumber("givenBackMin", design.Storage.GivenBackMin);
        json.WritePropertyName("givenBackMinTime");
        WriteTime(json, result.Recording.Clock, design.Storage.GivenBackMinTimeNs);
        WriteColumn(json, "reserved", design, point => point.Reserved);
        WriteColumn(json, "used", design, point => point.Lent);
        WriteColumn(json, "tagged", design, point => point.Tagged);
        WriteColumn(json, "migrated", design, point => point.MigratedFrames);
        WriteColumn(json, "free", design, point => point.Free);
        json.WriteStartArray("fill");
        foreach (int blocks in design.BlockFill)
        {
            json.WriteNumberValue(blocks);
        }

        json.WriteEndArray();
        json.WriteString("cells", map.Cells(design));
        if (design.Course is { } course)
        {
            json.WriteStartObject("course");
            CourseData.Write(json, course, result.Recording.Clock);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter json, string name, DesignResult design, Func<TimePoint, long> value)
    {
        json.WriteStartArray(name);
        foreach (TimePoint point in design.TimeLine)
        {
            json.WriteNumberValue(value(point));
        }

        json.WriteEndArray();
    }
}
