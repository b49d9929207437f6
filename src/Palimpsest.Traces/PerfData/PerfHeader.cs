using System.Text;
using Palimpsest.Traces.Records;

namespace Palimpsest.Traces.PerfData;

/// <summary>
/// The head of a perf.data (tools/perf/Documentation/perf.data-file-format.txt): the events' attributes, where the records
/// lie, and behind them the features, of which the tracepoints' formats and the kernel's release are needed.
/// </summary>
internal sealed class PerfHeader
{
    private const int MostEvents = 65_536;
    private const int MostIds = 1 << 20;
    private const int AttributeBytes = 64;
    private const int FileBytes = 104;
    private const int PipeBytes = 16;
    private const int LongestRelease = 256;
    private const int TracingDataFeature = 1;
    private const int ReleaseFeature = 4;
    private const ulong FrequencyFlag = 1 << 10;
    private const ulong TrailersFlag = 1 << 18;
    private const uint TracepointType = 2;

    private readonly Dictionary<ulong, SampleLayout> _layouts = [];
    private ulong _longestPeriod;
    private bool _hasFrequency;

    public long DataStart { get; private set; }

    public long DataEnd { get; private set; }

    /// <summary>As uname -r prints it; null if the file does not tell.</summary>
    public string? KernelRelease { get; private set; }

    /// <summary>Layout of samples and trailers, where all events share it or there is none for an identifier.</summary>
    public SampleLayout Common { get; private set; } = null!;

    /// <summary>Were events left out on purpose? A sentence for the report.</summary>
    public string? SampledNote => _hasFrequency ? "Events were sampled at a frequency (perf record -F): most are missing."
        : _longestPeriod > 1 ? $"Only one of {_longestPeriod} events was recorded (perf record -c)." : null;

    public SampleLayout LayoutOf(ulong identifier) => _layouts.GetValueOrDefault(identifier, Common);

    public void Read(RandomBytes bytes, TracingHeader tracing)
    {
        var at = new ByteCursor(bytes, 0);
        if (at.Block(8, 8, "the mark") is [(byte)'2', ..])
        {
            throw bytes.Error(0, "the recorded machine is big-endian, which is not read; give the text of perf script instead");
        }

        ulong headerSize = at.UInt64();
        if (headerSize == PipeBytes)
        {
            ReadPipe(bytes, tracing);
            return;
        }

        if (headerSize < FileBytes)
        {
            throw bytes.Error(8, $"a head of {headerSize} bytes, which perf never writes; the file is damaged, copy it again");
        }

        ulong entryBytes = at.UInt64();
        (long start, long size) attributes = Section(at, "the attributes");
        ulong dataStart = at.UInt64();
        ulong dataSize = at.UInt64();
        if (dataSize == 0)
        {
            throw at.Error("perf did not finish the file, its size was never written; give the text of perf script, or record again");
        }

        if (dataStart > (ulong)bytes.Length || dataSize > (ulong)bytes.Length - dataStart)
        {
            throw at.Error($"{dataSize} bytes of records end after the file does; it was cut off, and what its records mean was written "
                + "last: copy it again");
        }

        (DataStart, DataEnd) = ((long)dataStart, (long)(dataStart + dataSize));
        at.Offset += 16;
        ReadFeatures(at, tracing);
        ReadAttributes(new ByteCursor(bytes, attributes.start), entryBytes, attributes.size);
    }

    private static (long Start, long Size) Section(ByteCursor at, string what)
    {
        ulong start = at.UInt64();
        ulong size = at.UInt64();
        ulong length = (ulong)at.Bytes.Length;
        return start <= length && size <= length - start
            ? ((long)start, (long)size)
            : throw at.Error($"{what} are said to be {size} bytes at byte {start}, after the end of the file; it was cut off or is "
                + "damaged, copy it again");
    }

    private void ReadAttributes(ByteCursor at, ulong entryBytes, long size)
    {
        if (entryBytes is < AttributeBytes + 16 or > 4096 || size == 0 || (ulong)size / entryBytes > MostEvents)
        {
            throw at.Error($"{size} bytes of attributes, {entryBytes} each; the file is damaged, copy it again");
        }

        long end = at.Offset + size;
        for (; at.Offset + (long)entryBytes <= end; at.Offset += (long)entryBytes)
        {
            ReadAttribute(new ByteCursor(at.Bytes, at.Offset), (long)entryBytes);
        }

        if (Common is null)
        {
            throw at.Error("no tracepoint was recorded; record kmem:mm_page_alloc and kmem:mm_page_free (perf record -a -e "
                + "kmem:mm_page_alloc,kmem:mm_page_free)");
        }
    }

    private void ReadAttribute(ByteCursor at, long entryBytes)
    {
        long start = at.Offset;
        SampleLayout layout = ReadLayout(at);
        at.Offset = start + entryBytes - 16;
        (long ids, long idBytes) = Section(at, "the numbers of an event");
        ReadIds(new ByteCursor(at.Bytes, ids), idBytes, layout);
    }

    private SampleLayout ReadLayout(ByteCursor at)
    {
        uint type = at.UInt32();
        at.UInt32();
        at.UInt64();
        ulong period = at.UInt64();
        ulong samples = at.UInt64();
        ulong values = at.UInt64();
        ulong flags = at.UInt64();
        var layout = new SampleLayout(samples, values, (flags & TrailersFlag) != 0);
        if (type == TracepointType)
        {
            if (Common is not null && !layout.HasIdentifier && layout.FixedBytes != Common.FixedBytes)
            {
                throw at.Error("samples of different kinds that cannot be told apart; record all events with the same options");
            }

            Common ??= layout;
            _hasFrequency |= (flags & FrequencyFlag) != 0;
            _longestPeriod = Math.Max(_longestPeriod, period);
        }

        return layout;
    }

    private void ReadIds(ByteCursor at, long idBytes, SampleLayout layout)
    {
        if (idBytes / sizeof(ulong) > MostIds)
        {
            throw at.Error($"{idBytes} bytes of numbers for one event; the file is damaged, copy it again");
        }

        for (long i = 0; i < idBytes / sizeof(ulong); i++)
        {
            _layouts[at.UInt64()] = layout;
        }
    }

    /// <summary>Written to a pipe, a perf.data says all this in records of its own, before the first sample.</summary>
    private void ReadPipe(RandomBytes bytes, TracingHeader tracing)
    {
        const long start = PipeBytes;
        (DataStart, DataEnd) = (start, bytes.Length);
        bool hasTracing = false;
        using var records = new PerfRecords(bytes, start, bytes.Length);
        while (records.TryNext(out ReadOnlySpan<byte> record) && PerfRecords.KindOf(record) != PerfDataReader.SampleRecord)
        {
            var content = new ByteCursor(bytes, records.Offset + PerfRecords.HeaderBytes);
            switch (PerfRecords.KindOf(record))
            {
                case PerfRecords.Attribute when record.Length >= PerfRecords.HeaderBytes + AttributeBytes:
                    ReadPipeAttribute(content, record.Length - PerfRecords.HeaderBytes);
                    break;
                case PerfRecords.TracingData:
                    ReadTracingData(new ByteCursor(bytes, records.Offset + record.Length), tracing);
                    hasTracing = true;
                    break;
                case PerfRecords.Feature when content.UInt64() == ReleaseFeature:
                    KernelRelease = Release(content);
                    break;
            }
        }

        if (!hasTracing || Common is null)
        {
            throw bytes.Error(start, "no tracepoint was recorded, or perf ended before it said what its records mean; record "
                + "kmem:mm_page_alloc and kmem:mm_page_free (perf record -a -e ...)");
        }
    }

    // perf_event_attr with its own size in its second word, and the event's numbers to the end of the record.
    private void ReadPipeAttribute(ByteCursor at, int recordBytes)
    {
        long start = at.Offset;
        at.Offset += sizeof(uint);
        uint attributeBytes = at.UInt32();
        if (attributeBytes < AttributeBytes || attributeBytes > recordBytes)
        {
            throw at.Error($"an attribute of {attributeBytes} bytes in a record of {recordBytes}; the file is damaged, copy it again");
        }

        at.Offset = start;
        SampleLayout layout = ReadLayout(at);
        at.Offset = start + attributeBytes;
        ReadIds(at, recordBytes - attributeBytes, layout);
    }

    // A section for each bit that is set, in the order of the bits, behind the records.
    private void ReadFeatures(ByteCursor at, TracingHeader tracing)
    {
        ulong features = at.UInt64();
        var table = new ByteCursor(at.Bytes, DataEnd);
        bool hasTracing = false;
        for (int bit = 0; bit < 64; bit++)
        {
            if ((features & (1UL << bit)) == 0)
            {
                continue;
            }

            (long start, long _) = Section(table, "a feature");
            if (bit == TracingDataFeature)
            {
                ReadTracingData(new ByteCursor(at.Bytes, start), tracing);
                hasTracing = true;
            }
            else if (bit == ReleaseFeature)
            {
                KernelRelease = Release(new ByteCursor(at.Bytes, start));
            }
        }

        if (!hasTracing)
        {
            throw at.Error("the file does not say what its records mean (no tracing data); perf did not record tracepoints");
        }
    }

    private static string Release(ByteCursor at) => Encoding.UTF8.GetString(at.Block(at.UInt32(), LongestRelease, "the kernel's release"))
        .TrimEnd('\0');

    private static void ReadTracingData(ByteCursor at, TracingHeader tracing)
    {
        at.Skip(10, "the tracing data");
        at.Name("the version of the tracing data");
        at.Skip(6, "the tracing data");
        tracing.ReadPages(at);
        tracing.ReadOwnEvents(at);
        tracing.ReadSystems(at);
    }
}
