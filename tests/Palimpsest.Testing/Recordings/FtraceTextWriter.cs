using System.Globalization;
using System.Text;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Testing.Recordings;

/// <summary>An event as a recorder knows it.</summary>
public sealed record RecordedEvent(TraceEventKind Kind, TraceTask Task, int Cpu, ulong Pfn, int Order, int MigrateType, string Gfp,
    GfpFlags Flags);

/// <summary>How the recorder writes.</summary>
public sealed record RecordingStyle(TraceClock Clock, long FirstTime, int FlagLetters, bool HasThreadGroup, bool HasHexPfn);

/// <summary>Writes events as the kernel does (6.1: trace_print_context, include/trace/events/kmem.h).</summary>
public static class FtraceTextWriter
{
    public static byte[] Write(RecordingStyle style, IReadOnlyList<RecordedEvent> events)
    {
        var text = new MemoryStream();
        text.Write("# tracer: nop\n#\n"u8);
        for (int i = 0; i < events.Count; i++)
        {
            text.Write(Encoding.UTF8.GetBytes(Line(style, events[i], TimeOf(style, i))));
        }

        return text.ToArray();
    }

    /// <summary>Time of an event in microseconds, ticks or counts.</summary>
    public static long TimeOf(RecordingStyle style, int index) =>
        style.FirstTime + (index * (style.Clock switch { TraceClock.Counter => 1, TraceClock.Ticks => 1000, _ => 700_001L }));

    private static string Line(RecordingStyle style, RecordedEvent item, long time)
    {
        string group = style.HasThreadGroup ? item.Task.Pid % 2 == 0 ? "(-------) " : $"({item.Task.Pid,7}) " : "";
        string flags = style.FlagLetters == 0 ? "" : ".N.12"[..style.FlagLetters] + " ";
        string stamp = style.Clock == TraceClock.Time ? $"{time / 1_000_000,5}.{time % 1_000_000:d6}" : $"{time,12}";
        return string.Create(CultureInfo.InvariantCulture,
            $"{item.Task.Comm,16}-{item.Task.Pid,-7} {group}[{item.Cpu:d3}] {flags}{stamp}: {Payload(style, item)}\n");
    }

    private static string Payload(RecordingStyle style, RecordedEvent item)
    {
        string pfn = style.HasHexPfn ? $"0x{item.Pfn:x}" : $"{item.Pfn}";
        string page = item.Kind == TraceEventKind.AllocateFailed ? new string('0', 16) : "00000000c3b0c4fd";
        string place = $"page={page} pfn={pfn} order={item.Order}";
        return item.Kind switch
        {
            TraceEventKind.Free => $"mm_page_free: {place}",
            TraceEventKind.FreeBatched => $"mm_page_free_batched: {place}",
            TraceEventKind.Drain => $"mm_page_pcpu_drain: {place} migratetype={item.MigrateType}",
            TraceEventKind.Refill => $"mm_page_alloc_zone_locked: {place} migratetype={item.MigrateType} percpu_refill={item.Order}",
            _ => $"mm_page_alloc: {place} migratetype={item.MigrateType} gfp_flags={item.Gfp}",
        };
    }
}
