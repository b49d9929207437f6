using Palimpsest.Traces.Records;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.TraceDat;

/// <summary>
/// Reads a trace.dat of trace-cmd, version 6 or 7 (trace-cmd's Documentation/trace-cmd/trace-cmd.dat.v6.5.txt and v7). The
/// events of the CPUs are merged by time, and those of one time in the order of the CPUs, as the kernel prints them.
/// </summary>
internal sealed class TraceDatReader(RandomBytes bytes, TraceInput input, TraceReadOptions? options)
{
    // All windows together, and each of them.
    private const int LargestWindows = 32 << 20;
    private const int LargestWindow = 256 << 10;
    private const int EventsPerReport = 1 << 16;

    private readonly TraceBuilder _trace = new(options);
    private readonly Action<long>? _progress = bytes.IsFile ? options?.Progress : null;
    private readonly Dictionary<int, int> _taskOfPid = [];
    private (int Pid, int Task) _lastTask = (-1, -1);

    public static bool IsMagic(ReadOnlySpan<byte> head) => head.StartsWith("\x17\x08\x44tracing"u8);

    public Trace Read()
    {
        var records = new RecordTable(_trace);
        DatMetadata metadata = ReadMetadata(records);
        using ChunkCodec? codec = metadata.Codec;
        DatBuffer buffer = ChooseBuffer(metadata);
        _trace.KernelRelease ??= metadata.KernelRelease;
        _trace.PageBytes = metadata.PageBytes;
        _trace.GfpSets.Bits = GfpBits.Of(_trace.KernelRelease, records.GfpNames);
        _trace.Clock = ClockOf(buffer.Clock.Length > 0 ? buffer.Clock : metadata.Clock ?? "local");
        if (_trace.Clock != TraceClock.Time)
        {
            _trace.Note($"The trace clock is {buffer.Clock}: time stamps are "
                + $"{(_trace.Clock == TraceClock.Counter ? "a counter" : "ticks of unknown length")}.");
        }

        CpuStream[] streams = Open(buffer, metadata);
        Merge(streams, records, metadata.Header);
        NoteLosses(streams);
        _trace.NoteEvents();
        if (input.Break is { } broken)
        {
            _trace.NoteCutOff(broken);
        }

        if (metadata.IsCutOff)
        {
            _trace.NoteCutOff($"The file ends at byte {bytes.Length}, before it says where its events lie: it was cut off there. Those "
                + $"of {streams.Length} CPUs were found, of {metadata.CpuCount}, and numbered in their order.");
        }
        else if (streams.Where(stream => stream.IsCutOff).Select(stream => stream.Cpu).ToArray() is [_, ..] cut)
        {
            _trace.NoteCutOff(
                $"The file ends at byte {bytes.Length}, before the events of CPU {string.Join(", ", cut)} do: it was cut off there.");
        }

        return _trace.Build(bytes.Name, "trace.dat");
    }

    private DatMetadata ReadMetadata(RecordTable records)
    {
        var at = new ByteCursor(bytes, 10);
        DatMetadata metadata = at.Name("the version") switch
        {
            "6" => new DatVersion6(bytes, records),
            "7" => new DatVersion7(bytes, records),
            string other => throw bytes.Error(10,
                $"a trace.dat of version {other[..Math.Min(other.Length, 10)]}; versions 6 and 7 are read, run trace-cmd convert on it"),
        };
        metadata.Read(at);
        return metadata;
    }

    private DatBuffer ChooseBuffer(DatMetadata metadata)
    {
        DatBuffer[] buffers = [.. metadata.Buffers.Where(buffer => buffer.Size > 0)];
        if (buffers.Length == 0)
        {
            throw new InputException(
                $"{bytes.Name}: the file has no events: nothing was recorded, or its end is missing; copy it whole, or record again");
        }

        DatBuffer chosen = buffers.MaxBy(buffer => buffer.Size)!;
        if (buffers.Length > 1)
        {
            _trace.Note($"Of the {buffers.Length} buffers in the file, the largest is read, "
                + $"{(chosen.Name.Length == 0 ? "the top one" : $"instance {chosen.Name}")}.");
        }

        return chosen;
    }

    private CpuStream[] Open(DatBuffer buffer, DatMetadata metadata)
    {
        int window = Math.Max(buffer.PageBytes, Math.Min(LargestWindows / Math.Max(buffer.Cpus.Count, 1), LargestWindow));
        int header = metadata.Header.PageHeaderBytes;
        return
        [
            .. buffer.Cpus.Where(extent => extent.Size > 0).OrderBy(extent => extent.Cpu).Select(extent => new CpuStream(
                new CpuPages(bytes, extent, buffer.PageBytes, window, metadata.Codec), extent.Cpu, header > 0 ? header : 16, bytes)),
        ];
    }

    // A CPU goes on as long as no other has an earlier event: mostly for a while.
    private void Merge(CpuStream[] streams, RecordTable records, TracingHeader header)
    {
        var queue = new PriorityQueue<CpuStream, (ulong Time, int Cpu)>();
        foreach (CpuStream stream in streams.Where(stream => stream.MoveNext()))
        {
            queue.Enqueue(stream, (stream.Time, stream.Cpu));
        }

        long untilReport = EventsPerReport;
        while (queue.TryDequeue(out CpuStream? stream, out _))
        {
            bool hasOther = queue.TryPeek(out _, out (ulong Time, int Cpu) other);
            do
            {
                Record(stream, records, header);
                if (--untilReport == 0)
                {
                    untilReport = EventsPerReport;
                    _progress?.Invoke(stream.FileOffset);
                }

                if (!stream.MoveNext())
                {
                    stream = null;
                    break;
                }
            }
            while (!hasOther || stream.Time < other.Time || (stream.Time == other.Time && stream.Cpu < other.Cpu));
            if (stream is not null)
            {
                queue.Enqueue(stream, (stream.Time, stream.Cpu));
            }
        }
    }

    private void Record(CpuStream stream, RecordTable records, TracingHeader header)
    {
        ReadOnlySpan<byte> record = stream.Record;
        if (record.Length < RecordTable.CommonBytes)
        {
            throw stream.Error($"an event has {record.Length} bytes, fewer than any; the file is damaged, copy it again");
        }

        var item = new TraceEvent { TimeNs = (long)Math.Min(stream.Time, long.MaxValue), Cpu = (ushort)stream.Cpu };
        bool isKept = records.TryDecode(record, ref item, out int slot, out string? complaint);
        if (complaint is not null)
        {
            throw stream.Error(complaint);
        }

        if (isKept || _trace.HasFilter)
        {
            item.Task = TaskOf(RecordTable.ThreadOf(record), header);
        }

        _trace.Record(slot, isKept, item);
    }

    private int TaskOf(int pid, TracingHeader header)
    {
        if (_lastTask.Pid == pid && _lastTask.Task >= 0)
        {
            return _lastTask.Task;
        }

        if (!_taskOfPid.TryGetValue(pid, out int task))
        {
            task = _trace.Tasks.IndexOf(new TraceTask(pid, header.CommOf(pid)));
            _taskOfPid.Add(pid, task);
        }

        _lastTask = (pid, task);
        return task;
    }

    private void NoteLosses(CpuStream[] streams)
    {
        ulong lost = streams.Aggregate(0UL, (sum, stream) => sum + stream.LostEvents);
        long unknown = streams.Sum(stream => stream.LossesOfUnknownSize);
        _trace.LostEvents = (long)Math.Min(lost, long.MaxValue);
        if (lost > 0)
        {
            _trace.Note($"{lost} events were lost while recording (the ring buffer's pages say so).");
        }

        if (unknown > 0)
        {
            _trace.Note($"At {unknown} places an unknown number of events was lost; each counts as one.");
        }
    }

    private static TraceClock ClockOf(string name) => name switch
    {
        "local" or "global" or "uptime" or "perf" or "mono" or "mono_raw" or "boot" or "tai" => TraceClock.Time,
        "counter" => TraceClock.Counter,
        _ => TraceClock.Ticks,
    };
}
