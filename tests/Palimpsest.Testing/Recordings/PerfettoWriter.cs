using System.IO.Compression;
using Palimpsest.Traces;
using ZstdSharp;

namespace Palimpsest.Testing.Recordings;

/// <summary>How an event is written.</summary>
public enum EventEncoding
{
    /// <summary>A message of its own.</summary>
    Dedicated,

    /// <summary>A message that the bundle describes.</summary>
    Described,

    /// <summary>Fields with their names.</summary>
    Generic,
}

/// <summary>An event that Perfetto has recorded.</summary>
public sealed record PerfettoEvent(TraceEventKind Kind, ulong Time, int Cpu, int Pid, ulong Pfn, int Order, int MigrateType, uint Gfp)
{
    public string Name => Kind switch
    {
        TraceEventKind.Allocate => "mm_page_alloc",
        TraceEventKind.Free => "mm_page_free",
        TraceEventKind.FreeBatched => "mm_page_free_batched",
        TraceEventKind.Drain => "mm_page_pcpu_drain",
        _ => "cma_release",
    };

    /// <summary>Number of the message, that of each field in it, and its value.</summary>
    public (uint Number, (string Name, uint Number, ulong Value)[] Fields) Content => Kind switch
    {
        TraceEventKind.Allocate => (307, [("gfp_flags", 1, Gfp), ("migratetype", 2, (ulong)MigrateType), ("order", 3, (ulong)Order),
            ("page", 4, 77), ("pfn", 5, Pfn)]),
        TraceEventKind.Free => (310, [("order", 1, (ulong)Order), ("page", 2, 77), ("pfn", 3, Pfn)]),
        TraceEventKind.FreeBatched => (311, [("cold", 1, 0), ("page", 2, 77), ("pfn", 3, Pfn)]),
        TraceEventKind.Drain =>
            (312, [("migratetype", 1, (ulong)MigrateType), ("order", 2, (ulong)Order), ("page", 3, 77), ("pfn", 4, Pfn)]),
        _ => (0, [("count", 1, (ulong)Order), ("pfn", 2, Pfn)]),
    };
}

/// <summary>How the recorder writes.</summary>
/// <param name="Descriptions">Number that described events begin with, 65536 or more.</param>
/// <param name="MostOfCpu">Events that are taken from a CPU's buffer before it is the next one's turn.</param>
public sealed record PerfettoStyle(EventEncoding Encoding, uint Descriptions, bool DescribesFirst, int EventsOfBundle, int MostOfCpu,
    int EventsOfRound, uint Packing);

/// <summary>Writes traces as Perfetto's recorder does (protos/perfetto/trace, src/traced/probes/ftrace/cpu_reader.cc).</summary>
public static class PerfettoWriter
{
    public const uint Plain = 0;
    public const uint Zlib = 50;
    public const uint Zstd = 133;

    public static byte[] Packet(Action<MessageWriter> write) => new MessageWriter().Message(1, write).ToArray();

    public static byte[] SystemInfo(string release, ulong pageBytes) => Packet(packet => packet
        .Message(45, info => info.Message(1, names => names.Text(1, "Linux").Text(3, release)).Number(6, pageBytes)).Number(10, 1));

    /// <summary>A packet with a bundle of events.</summary>
    public static byte[] Bundle(int cpu, params Action<MessageWriter>[] fields) => Packet(packet => packet
        .Message(1, bundle =>
        {
            bundle.Number(1, (ulong)cpu);
            Array.ForEach(fields, field => field(bundle));
        })
        .Number(10, 3));

    /// <summary>The field of a bundle that is an event.</summary>
    public static Action<MessageWriter> Event(ulong time, int pid, uint number, Action<MessageWriter> content) => bundle =>
        bundle.Message(2, message => message.Number(1, time).Number(2, (ulong)pid).Message(number, content));

    public static byte[] Compress(uint packing, byte[] packets)
    {
        if (packing == Plain)
        {
            return packets;
        }

        var packed = new MemoryStream();
        using (Stream stream = packing == Zlib
            ? new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : new CompressionStream(packed, leaveOpen: true))
        {
            stream.Write(packets);
        }

        return Packet(packet => packet.Bytes(packing, packed.ToArray()));
    }

    /// <summary>Writes events, sorted by time, in rounds over the CPUs: one that has much to write goes on in the next round.</summary>
    public static byte[] Write(PerfettoStyle style, IReadOnlyList<PerfettoEvent> events)
    {
        var file = new MemoryStream();
        file.Write(SystemInfo("6.1.0-56-arm64", 4096));
        var waiting = new SortedDictionary<int, Queue<PerfettoEvent>>();
        for (int next = 0; next < events.Count || waiting.Values.Any(queue => queue.Count > 0); next += style.EventsOfRound)
        {
            foreach (PerfettoEvent item in events.Skip(next).Take(style.EventsOfRound))
            {
                waiting.TryAdd(item.Cpu, new Queue<PerfettoEvent>());
                waiting[item.Cpu].Enqueue(item);
            }

            var round = new MemoryStream();
            foreach ((int cpu, Queue<PerfettoEvent> queue) in waiting)
            {
                PerfettoEvent[] taken = [.. Enumerable.Range(0, Math.Min(style.MostOfCpu, queue.Count)).Select(_ => queue.Dequeue())];
                foreach (PerfettoEvent[] bundle in taken.Chunk(style.EventsOfBundle))
                {
                    round.Write(Bundle(cpu, [.. Fields(style, bundle)]));
                }
            }

            file.Write(round.Length > 0 ? Compress(style.Packing, round.ToArray()) : []);
        }

        return file.ToArray();
    }

    private static IEnumerable<Action<MessageWriter>> Fields(PerfettoStyle style, PerfettoEvent[] events)
    {
        Action<MessageWriter>[] written = [.. events.Select(item => Write(style, item))];
        Action<MessageWriter>[] descriptions = [.. events.Where(item => EncodingOf(style, item) == EventEncoding.Described)
            .DistinctBy(item => item.Kind).Select(item => Describe(style, item))];
        return style.DescribesFirst ? [.. descriptions, .. written] : [.. written, .. descriptions];
    }

    private static Action<MessageWriter> Write(PerfettoStyle style, PerfettoEvent item)
    {
        (uint number, (string Name, uint Number, ulong Value)[] fields) = item.Content;
        return EncodingOf(style, item) switch
        {
            EventEncoding.Dedicated =>
                Event(item.Time, item.Pid, number, message => Array.ForEach(fields, field => message.Number(field.Number, field.Value))),
            EventEncoding.Described =>
                Event(item.Time, item.Pid, style.Descriptions + (uint)item.Kind,
                message => Array.ForEach(fields, field => message.Number(field.Number + 10, field.Value))),
            _ => Event(item.Time, item.Pid, 327, message =>
            {
                message.Text(1, item.Name);
                Array.ForEach(fields,
                    field => message.Message(2, named => named.Text(1, field.Name).Number(field.Number % 2 == 0 ? 4u : 5u, field.Value)));
            }),
        };
    }

    private static Action<MessageWriter> Describe(PerfettoStyle style, PerfettoEvent item) => bundle =>
        bundle.Message(11, description => description.Number(1, style.Descriptions + (uint)item.Kind).Text(3, "kmem").Message(2, message =>
        {
            message.Text(1, item.Name);
            Array.ForEach(item.Content.Fields, field => message.Message(2, known => known.Text(1, field.Name).Number(3, field.Number + 10)
                .Number(4, 1).Number(5, 4)));
        }));

    // cma_release has no message.
    private static EventEncoding EncodingOf(PerfettoStyle style, PerfettoEvent item) =>
        item.Content.Number == 0 && style.Encoding == EventEncoding.Dedicated ? EventEncoding.Generic : style.Encoding;
}
