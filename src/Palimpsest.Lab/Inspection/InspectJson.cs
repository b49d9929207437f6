using System.Text.Json;

namespace Palimpsest.Lab.Inspection;

/// <summary>
/// Writes what is in a recording as "palimpsest.inspect" version 1. "input" as in "palimpsest.compare", but for what needs a
/// board. Names are stable; new ones may be added, none is changed without a new version.
/// </summary>
public static class InspectJson
{
    public const string Format = "palimpsest.inspect";
    public const int Version = 1;

    public static void Write(Stream stream, string name, TraceDigest digest)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        WriteInput(json, name, digest);
        WriteCounts(json, "events_by_type", digest.Trace.EventsByType);
        json.WriteString("kernel", digest.Trace.KernelRelease);
        WriteNullable(json, "page_bytes", digest.Trace.PageBytes);
        json.WriteNumber("cpus", digest.Trace.Cpus);
        bool isTime = digest.Trace.Clock == Traces.TraceClock.Time;
        WriteNullable(json, "first_time_s", isTime ? digest.Trace.FirstTimeNs / 1e9 : null);
        WriteNullable(json, "last_time_s", isTime ? digest.Trace.LastTimeNs / 1e9 : null);
        json.WriteNumber("tagged_mappings", digest.TaggedMappings);
        WriteCounts(json, "gfp_flags", digest.GfpSets);
        WriteCounts(json, "orders", digest.AllocationsByOrder.Select((count, order) => KeyValuePair.Create($"{order}", count)));
        WriteProcesses(json, digest);
        WriteAnswers(json, digest);
        json.WriteStartArray("notes");
        foreach (string note in digest.Trace.Notes)
        {
            json.WriteStringValue(note);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, string name, TraceDigest digest)
    {
        json.WriteStartObject("input");
        json.WriteString("name", name);
        json.WriteString("format", digest.Trace.Format);
        json.WriteNumber("events", digest.Trace.EventCount);
        json.WriteNumber("allocations", digest.Allocations);
        json.WriteNumber("frees", digest.Frees);
        json.WriteNumber("tagged_allocations", digest.FlaggedAllocations);
        json.WriteNumber("lost_events", digest.Trace.LostEvents);
        json.WriteNumber("unknown_frees", digest.UnknownFrees);
        json.WriteNumber("live_reallocations", digest.LiveReallocations);
        json.WriteNumber("failed_allocations", digest.FailedAllocations);
        json.WriteNumber("hidden_allocations", digest.HiddenAllocations);
        json.WriteNumber("migration_targets", digest.MigrationTargets);
        json.WriteNumber("initial_pages", digest.InUseBefore);
        json.WriteNumber("duration_s", digest.Trace.Clock == Traces.TraceClock.Time ? (digest.Trace.LastTimeNs - digest.Trace.FirstTimeNs) / 1e9 : 0);
        json.WriteNumber("cpus", digest.Trace.Cpus);
        json.WriteEndObject();
    }

    private static void WriteProcesses(Utf8JsonWriter json, TraceDigest digest)
    {
        json.WriteStartArray("processes");
        foreach (ProcessPages process in digest.Processes)
        {
            json.WriteStartObject();
            json.WriteNumber("pid", process.Task.Pid);
            json.WriteString("name", process.Task.Comm);
            json.WriteNumber("allocated_pages", process.Allocated);
            json.WriteNumber("tagged_pages", process.Tagged);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAnswers(Utf8JsonWriter json, TraceDigest digest)
    {
        json.WriteStartArray("answers");
        foreach (Answerable answer in RecordingAdvice.Answers(digest))
        {
            json.WriteStartObject();
            json.WriteString("question", answer.Question);
            json.WriteBoolean("can", answer.Can);
            json.WriteString("why", answer.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, long>> counts)
    {
        json.WriteStartObject(name);
        foreach ((string key, long count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }

    private static void WriteNullable(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
