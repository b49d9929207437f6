namespace Palimpsest.Reports.Perfetto;

/// <summary>
/// A trace that ui.perfetto.dev and trace_processor open, as packets of protos/perfetto/trace: tracks in a tree, counters and slices
/// on them. Numbers of fields are those of trace_packet.proto, track_descriptor.proto and track_event.proto.
/// </summary>
/// <param name="clock">Clock of all times: one of ClockSnapshot's.</param>
internal sealed class PerfettoTrace(Stream stream, int clock = PerfettoTrace.BootTime)
{
    public const int BootTime = 6;

    private const int Packet = 1;
    private const int FtraceEvents = 1;
    private const int GenericEvent = 327;
    private const int Timestamp = 8;
    private const int SequenceId = 10;
    private const int TrackEvent = 11;
    private const int ClockId = 58;
    private const int TrackDescriptor = 60;

    private const int Begin = 1;
    private const int End = 2;
    private const int Instant = 3;
    private const int Counter = 4;

    private ulong _tracks;

    /// <param name="parent">Track that it stands under; 0 for none.</param>
    /// <param name="unit">What a counter counts; null for a track of slices.</param>
    public ulong Track(string name, ulong parent = 0, string? unit = null)
    {
        ulong track = ++_tracks;
        ProtoMessage descriptor = new ProtoMessage().Number(1, track).Text(2, name);
        if (parent != 0)
        {
            descriptor.Number(5, parent);
        }

        if (unit is not null)
        {
            descriptor.Message(8, new ProtoMessage().Text(6, unit));
        }

        Write(new ProtoMessage().Number(SequenceId, 1).Message(TrackDescriptor, descriptor));
        return track;
    }

    public void Count(ulong track, long timeNs, double value) => Event(timeNs, new ProtoMessage().Number(9, Counter).Number(11, track)
        .Double(44, value));

    /// <param name="details">Names and words shown beside it.</param>
    public void Slice(ulong track, long fromNs, long toNs, string name, params IEnumerable<(string Name, string Words)> details)
    {
        Event(fromNs, Named(Begin, track, name, details));
        Event(toNs, new ProtoMessage().Number(9, End).Number(11, track));
    }

    public void Mark(ulong track, long timeNs, string name, params IEnumerable<(string Name, string Words)> details) =>
        Event(timeNs, Named(Instant, track, name, details));

    /// <summary>An event of the kernel's own tracing, whose fields are numbers.</summary>
    /// <param name="pid">Process that it was done for.</param>
    public void KernelEvent(int cpu, long timeNs, int pid, string name, params IEnumerable<(string Name, ulong Value)> fields)
    {
        ProtoMessage generic = new ProtoMessage().Text(1, name);
        foreach ((string field, ulong value) in fields)
        {
            generic.Message(2, new ProtoMessage().Text(1, field).Number(5, value));
        }

        ProtoMessage told = new ProtoMessage().Number(1, (ulong)Math.Max(0, timeNs)).Number(2, (ulong)pid).Message(GenericEvent, generic);
        Write(new ProtoMessage().Number(SequenceId, 1).Message(FtraceEvents, new ProtoMessage().Number(1, (ulong)cpu).Message(2, told)));
    }

    private static ProtoMessage Named(ulong type, ulong track, string name, IEnumerable<(string Name, string Words)> details)
    {
        ProtoMessage message = new ProtoMessage().Number(9, type).Number(11, track).Text(23, name);
        foreach ((string detail, string words) in details)
        {
            message.Message(4, new ProtoMessage().Text(10, detail).Text(6, words));
        }

        return message;
    }

    private void Event(long timeNs, ProtoMessage message) => Write(new ProtoMessage().Number(Timestamp, (ulong)Math.Max(0, timeNs))
        .Number(ClockId, (ulong)clock).Number(SequenceId, 1).Message(TrackEvent, message));

    private void Write(ProtoMessage packet) => new ProtoMessage().Message(Packet, packet).WriteTo(stream);
}
