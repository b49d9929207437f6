using System.Globalization;
using System.Text;

namespace Palimpsest.Traces.Records;

/// <summary>
/// The parts in which trace-cmd and perf describe a recording: the ring buffer's page, the events' formats, the tasks' names.
/// </summary>
internal sealed class TracingHeader(RecordTable records)
{
    private const int LargestText = 1 << 20;
    private const int MostSystems = 4096;
    private const int LargestCommands = 128 << 20;

    private readonly Dictionary<int, string> _comms = [];

    /// <summary>Bytes before the events of a ring-buffer page: u64 time and the length of the data; 0 if the file does not say.</summary>
    public int PageHeaderBytes { get; private set; }

    /// <summary>Name of a thread as the recording saved it.</summary>
    public string CommOf(int pid) => pid == 0 ? "<idle>" : _comms.GetValueOrDefault(pid, "<...>");

    /// <summary>"header_page" and "header_event" with the size and the text of each.</summary>
    public void ReadPages(ByteCursor at)
    {
        ReadPage(at);
        at.Name("the name of a header");
        at.Skip(at.UInt64(), "the text of header_event");
    }

    /// <summary>A number and that many formats with their sizes: the events of ftrace itself.</summary>
    public void ReadOwnEvents(ByteCursor at) => ReadFormats(at, at.UInt32());

    /// <summary>A number of systems, each a name and its formats.</summary>
    public void ReadSystems(ByteCursor at)
    {
        uint systems = at.UInt32();
        if (systems > MostSystems)
        {
            throw at.Error($"{systems} systems of events, more than {MostSystems}; the file is damaged, copy it again");
        }

        for (uint i = 0; i < systems; i++)
        {
            at.Name("the name of a system of events");
            ReadFormats(at, at.UInt32());
        }
    }

    /// <summary>Lines of a thread's number and its name.</summary>
    public void ReadCommands(ByteCursor at)
    {
        byte[] text = at.Block(at.UInt64(), LargestCommands, "the names of threads");
        foreach (Range range in text.AsSpan().Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text.AsSpan()[range];
            int space = line.IndexOf((byte)' ');
            if (space > 0 && int.TryParse(line[..space], NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            {
                _comms[pid] = Encoding.UTF8.GetString(line[(space + 1)..]);
            }
        }
    }

    // 	field: local_t commit;	offset:8;	size:8;	signed:1;
    private void ReadPage(ByteCursor at)
    {
        at.Name("the name of a header");
        string text = Encoding.UTF8.GetString(at.Block(at.UInt64(), LargestText, "the text of header_page"));
        if (EventFormat.Parse("name: page\nID: 0\n" + text) is not { } page || !page.Field("commit").Exists)
        {
            PageHeaderBytes = 0;
            return;
        }

        RecordField commit = page.Field("commit");
        if (commit.Size != sizeof(ulong) || commit.Offset != sizeof(ulong))
        {
            throw at.Error("the recorded kernel has 32 bits, which is not read; give the text of /sys/kernel/tracing/trace instead");
        }

        PageHeaderBytes = commit.End;
    }

    private void ReadFormats(ByteCursor at, uint count)
    {
        if (count > ushort.MaxValue)
        {
            throw at.Error($"{count} formats of events, more than {ushort.MaxValue}; the file is damaged, copy it again");
        }

        for (uint i = 0; i < count; i++)
        {
            string text = Encoding.UTF8.GetString(at.Block(at.UInt64(), LargestText, "an event's format"));
            if (EventFormat.Parse(text) is { } format)
            {
                records.Add(format);
            }
        }
    }
}
