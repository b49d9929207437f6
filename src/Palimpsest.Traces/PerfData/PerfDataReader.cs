using System.Buffers.Binary;
using System.Text;
using Palimpsest.Traces.Records;

namespace Palimpsest.Traces.PerfData;

/// <summary>Reads a perf.data of perf record: plain, compressed (-z), with call graphs (-g).</summary>
internal sealed class PerfDataReader(RandomBytes bytes, TraceInput input, TraceReadOptions? options)
{
    private const uint LostRecord = 2;
    private const uint CommRecord = 3;
    private const uint ForkRecord = 7;
    public const uint SampleRecord = 9;
    private const uint LostSamplesRecord = 13;
    private const uint RoundRecord = 68;
    private const int RecordsPerReport = 1 << 16;

    private readonly TraceBuilder _trace = new(options);
    private readonly Action<long>? _progress = bytes.IsFile ? options?.Progress : null;
    private readonly PerfHeader _header = new();
    private readonly Dictionary<int, string> _comms = new() { [0] = "swapper" };
    private readonly Dictionary<int, int> _tasks = [];
    private RecordTable _records = null!;
    private ulong _lost;
    private ulong _lostSamples;

    public static bool IsMagic(ReadOnlySpan<byte> head) => head.StartsWith("PERFILE2"u8) || head.StartsWith("2ELIFREP"u8);

    public Trace Read()
    {
        _records = new RecordTable(_trace);
        _header.Read(bytes, new TracingHeader(_records));
        if (!_header.Common.IsComplete)
        {
            throw bytes.Error(0, "samples without time, thread, CPU or content; record with perf record -a -T -R");
        }

        _trace.KernelRelease ??= _header.KernelRelease;
        _trace.GfpSets.Bits = GfpBits.Of(_trace.KernelRelease, _records.GfpNames);
        ReadRecords();
        NoteAssumptions();
        return _trace.Build(bytes.Name, "perf.data");
    }

    private void ReadRecords()
    {
        using var records = new PerfRecords(bytes, _header.DataStart, _header.DataEnd);
        var order = new TimeOrder<Pending>(Release);
        long untilReport = RecordsPerReport;
        while (records.TryNext(out ReadOnlySpan<byte> record))
        {
            Take(record, order, records);
            if (--untilReport == 0)
            {
                untilReport = RecordsPerReport;
                _progress?.Invoke(records.Offset);
            }
        }

        order.End();
        if (records.IsCutOff)
        {
            _trace.NoteCutOff($"The file ends at byte {bytes.Length}, inside a record: it was cut off there.");
        }
    }

    private void Take(ReadOnlySpan<byte> record, TimeOrder<Pending> order, PerfRecords records)
    {
        ReadOnlySpan<byte> content = record[PerfRecords.HeaderBytes..];
        switch (PerfRecords.KindOf(record))
        {
            case SampleRecord:
                TakeSample(content, order, records);
                break;
            case CommRecord when content.Length > 8:
                TakeComm(content, order);
                break;
            case ForkRecord when content.Length >= 16:
                order.Add(TrailerTime(content), new Pending { Thread = Int32(content, 8), Parent = Int32(content, 12) });
                break;
            case LostRecord when content.Length >= 16:
                _lost += Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(content[8..]), uint.MaxValue);
                break;
            case LostSamplesRecord when content.Length >= 8:
                _lostSamples += Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(content), uint.MaxValue);
                break;
            case RoundRecord:
                order.EndRound();
                break;
        }
    }

    private void TakeSample(ReadOnlySpan<byte> sample, TimeOrder<Pending> order, PerfRecords records)
    {
        SampleLayout layout = _header.Common;
        if (layout.HasIdentifier && sample.Length >= sizeof(ulong))
        {
            layout = _header.LayoutOf(BinaryPrimitives.ReadUInt64LittleEndian(sample));
        }

        if (!layout.IsComplete)
        {
            return;
        }

        if (!layout.TryFindRecord(sample, out ReadOnlySpan<byte> record) || record.Length < RecordTable.CommonBytes)
        {
            throw bytes.Error(records.Offset, "a sample is shorter than what it must hold; the file is damaged, copy it again");
        }

        ulong time = BinaryPrimitives.ReadUInt64LittleEndian(sample[layout.TimeAt..]);
        uint cpu = (uint)Int32(sample, layout.CpuAt);
        if (cpu >= TraceBuilder.MostCpus)
        {
            throw bytes.Error(records.Offset, $"CPU {cpu} is above {TraceBuilder.MostCpus - 1}; the file is damaged, copy it again");
        }

        var item = new TraceEvent { TimeNs = (long)Math.Min(time, long.MaxValue), Cpu = (ushort)cpu };
        bool isKept = _records.TryDecode(record, ref item, out int slot, out string? complaint);
        if (complaint is not null)
        {
            throw bytes.Error(records.Offset, complaint);
        }

        order.Add(time, new Pending { Event = item, Slot = slot, IsKept = isKept, Thread = Int32(sample, layout.ThreadAt), Parent = -1 });
    }

    private void TakeComm(ReadOnlySpan<byte> content, TimeOrder<Pending> order)
    {
        ReadOnlySpan<byte> text = content[8..];
        int end = text.IndexOf((byte)0);
        string comm = Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
        order.Add(TrailerTime(content), new Pending { Thread = Int32(content, 4), Parent = -1, Comm = comm });
    }

    // Records that perf made up when it began have time 0: what was so before.
    private ulong TrailerTime(ReadOnlySpan<byte> content)
    {
        int at = content.Length - _header.Common.TrailerBytes + _header.Common.TrailerTimeAt;
        return _header.Common.TrailerBytes == 0 || at < 0 || at > content.Length - sizeof(ulong)
            ? 0
            : BinaryPrimitives.ReadUInt64LittleEndian(content[at..]);
    }

    private void Release(Pending[] pending, int[] order, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ref Pending item = ref pending[order[i]];
            if (item.Comm is not null)
            {
                SetComm(item.Thread, item.Comm);
            }
            else if (item.Parent >= 0)
            {
                if (_comms.TryGetValue(item.Parent, out string? comm))
                {
                    SetComm(item.Thread, comm);
                }
            }
            else
            {
                item.Event.Task = item.IsKept || _trace.HasFilter ? TaskOf(item.Thread) : 0;
                _trace.Record(item.Slot, item.IsKept, item.Event);
            }
        }
    }

    private void SetComm(int thread, string comm)
    {
        _comms[thread] = comm;
        _tasks.Remove(thread);
    }

    private int TaskOf(int thread)
    {
        if (!_tasks.TryGetValue(thread, out int task))
        {
            task = _trace.Tasks.IndexOf(new TraceTask(thread, CommOf(thread)));
            _tasks.Add(thread, task);
        }

        return task;
    }

    private string CommOf(int thread) => _comms.TryGetValue(thread, out string? comm) ? comm : $":{thread}";

    // Each loss is reported when it happens, and again in sum at the end by perf 6.1 and later.
    private void NoteAssumptions()
    {
        ulong lost = Math.Max(_lost, _lostSamples);
        _trace.LostEvents = (long)Math.Min(lost, long.MaxValue);
        if (lost > 0)
        {
            _trace.Note($"{lost} events were lost while recording (perf says so); record with a larger buffer (-m 64M).");
        }

        if (_header.SampledNote is { } note)
        {
            _trace.Note(note);
        }

        _trace.NoteEvents();
        if (input.Break is { } broken)
        {
            _trace.NoteCutOff(broken);
        }
    }

    private static int Int32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);
}
