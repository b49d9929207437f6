using System.IO.Compression;
using System.Text;
using Palimpsest.Vocabulary;
using ZstdSharp;

namespace Palimpsest.Traces.Perfetto;

/// <summary>
/// Reads a trace of Perfetto (protos/perfetto/trace/trace_packet.proto): events of ftrace in messages of their own, described
/// or generic, plain or compressed, in one pass; memory does not grow with its length.
/// </summary>
internal sealed class PerfettoReader
{
    private const uint FtraceEvents = 1;
    private const uint ProcessTree = 2;
    private const uint FtraceStats = 34;
    private const uint SystemInfo = 45;
    private const uint ZlibPackets = 50;
    private const uint ZstdPackets = 133;
    private const int WindowBytes = 1 << 20;
    private const int InnerWindowBytes = 64 << 10;

    private readonly TraceBuilder _trace;
    private readonly TraceInput _input;
    private readonly PacketStream _packets;
    private readonly PacketStream _inner;
    private readonly ThreadNames _names;
    private readonly TimeOrder<PendingEvent> _order;
    private readonly RecorderLosses _losses = new();
    private readonly BundleReader _bundles;
    private bool _hasLateRelease;
    private long _lastTime;
    private long _lateEvents;

    /// <param name="taken">Content that has been read from the input already.</param>
    public PerfettoReader(TraceInput input, ReadOnlySpan<byte> taken, TraceReadOptions? options)
    {
        _input = input;
        _trace = new TraceBuilder(options);
        _packets = new PacketStream(input.Name, WindowBytes);
        _packets.Start(input.Read, taken, place: null);
        _inner = new PacketStream(input.Name, InnerWindowBytes);
        _names = new ThreadNames(_trace.Tasks);
        _order = new TimeOrder<PendingEvent>(Release);
        _bundles = new BundleReader(_trace, _names, _order, _losses);
    }

    /// <summary>Does a file begin with a whole packet, or is it no more than the beginning of one, and no text?</summary>
    public static bool IsMagic(ReadOnlySpan<byte> head)
    {
        if (head.Length < 2 || head[0] != 0x0a || head.IndexOfAnyInRange((byte)0, (byte)8) < 0)
        {
            return false;
        }

        int sizeBytes = WireReader.Varint(head[1..], out ulong size);
        ReadOnlySpan<byte> rest = head[(1 + sizeBytes)..];
        if (sizeBytes == 0 || size > (ulong)rest.Length)
        {
            return sizeBytes > 0 && WireReader.Varint(rest, out ulong tag) > 0 && tag >= 8 && (tag & 7) is 0 or 1 or 2 or 5;
        }

        var fields = new WireReader(rest[..(int)size]);
        while (fields.TryNext())
        {
        }

        return !fields.IsBroken;
    }

    public Trace Read()
    {
        ReadPackets(_packets, isInner: false);
        _order.End();
        NoteAssumptions();
        return _trace.Build(_input.Name, "perfetto");
    }

    private void ReadPackets(PacketStream packets, bool isInner)
    {
        while (packets.TryNext(out ReadOnlySpan<byte> packet))
        {
            ReadPacket(packet, packets, isInner);
        }
    }

    // The content is one of many fields; the sequence may come after it.
    private void ReadPacket(ReadOnlySpan<byte> packet, PacketStream packets, bool isInner)
    {
        uint kind = 0;
        uint sequence = 0;
        bool isAfterLoss = false;
        ReadOnlySpan<byte> content = default;
        var fields = new WireReader(packet);
        while (fields.TryNext())
        {
            switch (fields.Field)
            {
                case 10:
                    sequence = (uint)fields.Number;
                    break;
                case 42:
                    isAfterLoss = fields.Number != 0;
                    break;
                case FtraceEvents or ProcessTree or FtraceStats or SystemInfo or ZlibPackets or ZstdPackets
                    when fields.Type == WireType.Bytes:
                    kind = fields.Field;
                    content = fields.Bytes;
                    break;
            }
        }

        if (fields.IsBroken)
        {
            throw packets.Damaged();
        }

        _losses.TakePacket(sequence, kind == FtraceEvents, isAfterLoss);
        if (kind is ZlibPackets or ZstdPackets)
        {
            Unpack(content, kind, isInner ? throw packets.Damaged() : packets.Offset);
        }
        else
        {
            ReadContent(content, kind, sequence, packets);
        }
    }

    private void ReadContent(ReadOnlySpan<byte> content, uint kind, uint sequence, PacketStream packets)
    {
        switch (kind)
        {
            case FtraceEvents when !_bundles.TryRead(content, sequence, out string? complaint):
                throw packets.Error(complaint);
            case ProcessTree when !_names.TryReadTree(content):
            case FtraceStats when !_losses.TryReadStats(content):
            case SystemInfo when !TryReadSystem(content):
                throw packets.Damaged();
        }
    }

    private void Unpack(ReadOnlySpan<byte> content, uint kind, long place)
    {
        var packed = new MemoryStream(content.ToArray());
        using Stream stream = kind == ZlibPackets ? new ZLibStream(packed, CompressionMode.Decompress) : new DecompressionStream(packed);
        _inner.Start(stream.Read, [], place);
        try
        {
            ReadPackets(_inner, isInner: true);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or ZstdException)
        {
            throw _packets.Error("a compressed packet cannot be unpacked; the file is damaged, copy it again");
        }

        if (_inner.IsCutOff)
        {
            throw _packets.Damaged();
        }
    }

    // Names of the system 1, of which 3 is the release; page size 6.
    private bool TryReadSystem(ReadOnlySpan<byte> message)
    {
        bool isWhole = true;
        var fields = new WireReader(message);
        while (fields.TryNext())
        {
            if (fields.Field == 1)
            {
                var names = new WireReader(fields.Bytes);
                while (names.TryNext())
                {
                    if (names.Field == 3)
                    {
                        SetRelease(Encoding.UTF8.GetString(names.Bytes[..Math.Min(names.Bytes.Length, 64)]));
                    }
                }

                isWhole &= !names.IsBroken;
            }
            else if (fields.Field == 6 && ulong.IsPow2(fields.Number) && fields.Number is >= 1 << 12 and <= 1 << 16)
            {
                _trace.PageBytes = (int)fields.Number;
            }
        }

        return isWhole && !fields.IsBroken;
    }

    private void SetRelease(string release)
    {
        if (_trace.KernelRelease is not null || release.Any(char.IsControl))
        {
            return;
        }

        _hasLateRelease = _bundles.HasAllocations;
        _trace.KernelRelease = release;
        _trace.GfpSets.Bits = GfpBits.Of(release, []);
    }

    private void Release(PendingEvent[] pending, int[] order, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ref PendingEvent item = ref pending[order[i]];
            if (item.IsKept || _trace.HasFilter)
            {
                item.Event.Task = _names.TaskOf(item.Thread);
            }

            _lateEvents += item.Event.TimeNs < _lastTime ? 1 : 0;
            _lastTime = item.Event.TimeNs;
            _trace.Record(item.Slot, item.IsKept, item.Event);
            if (item.Comm is not null)
            {
                _names.Name(item.Named, item.Comm);
            }
        }
    }

    private void NoteAssumptions()
    {
        _losses.Note(_trace);
        _trace.NoteEvents();
        if (_trace.Clock != TraceClock.Time)
        {
            _trace.Note("The recorder does not know its trace clock: time stamps are ticks of unknown length.");
        }

        if (_bundles.RefillsOfUnknownList > 0)
        {
            _trace.Note($"The recording does not say whether {_bundles.RefillsOfUnknownList} mm_page_alloc_zone_locked of order 1 and "
                + "above were for a per-CPU list; they are taken for others.");
        }

        if (_lateEvents > 0)
        {
            _trace.Note($"{_lateEvents} times an event comes before one that is later: the recorder wrote them too far apart.");
        }

        if (_hasLateRelease)
        {
            _trace.Note("The file names its kernel after the first allocations, whose gfp_flags were decoded as those of Linux 6.1; give "
                + "--kernel.");
        }

        NoteCutOff();
    }

    private void NoteCutOff()
    {
        if (_input.Break is { } broken)
        {
            _trace.NoteCutOff(broken);
        }
        else if (_packets.IsCutOff)
        {
            _trace.NoteCutOff($"The file ends inside the packet at byte {_packets.Offset}: it was cut off there.");
        }

        if (_trace.Tally.Total == 0 && _trace.CutOff is { } cut)
        {
            throw new InputException($"{_input.Name}: {cut} No event comes before that; copy the file again");
        }
    }
}
