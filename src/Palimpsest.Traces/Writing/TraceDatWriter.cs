using System.Buffers.Binary;
using System.Text;
using Palimpsest.Vocabulary;

namespace Palimpsest.Traces.Writing;

/// <summary>
/// Writes a trace.dat of version 6, as trace-cmd record does, of events that somebody makes up: `trace-cmd report` and
/// <see cref="TraceFile"/> read it. Events of one CPU come in the order of their times.
/// </summary>
/// <param name="release">The kernel whose numbers the events speak, as uname -r prints it.</param>
/// <param name="pageBytes">Size of a page of that kernel, which readers take for the recorded machine's.</param>
public sealed class TraceDatWriter(IReadOnlyList<EventFormat> formats, string release, int cpus, int pageBytes = 4096)
{
    private const int MostEventBytes = 112;

    private readonly RingPages[] _cpus = [.. Enumerable.Range(0, cpus).Select(_ => new RingPages(pageBytes))];
    private readonly int[] _bytes = [.. formats.Select(SizeOf)];
    private readonly SortedDictionary<int, string> _commands = [];

    /// <summary>Events written so far.</summary>
    public long Events { get; private set; }

    /// <summary>Names a thread; events are told by its pid.</summary>
    public void Name(int pid, string comm) => _commands[pid] = comm;

    /// <param name="format">Index among the formats.</param>
    /// <param name="values">One for each field.</param>
    public void Add(int format, long timeNs, int cpu, int pid, ReadOnlySpan<long> values)
    {
        EventFormat of = formats[format];
        Span<byte> record = _cpus[cpu].Add(timeNs, _bytes[format]);
        record.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(record, of.Id);
        BinaryPrimitives.WriteInt32LittleEndian(record[sizeof(int)..], pid);
        int at = EventFormat.CommonBytes;
        for (int index = 0; index < values.Length; index++)
        {
            EventField field = of.Fields[index];
            at = EventFormat.OffsetAfter(at, field);
            if (field.Bytes == sizeof(long))
            {
                BinaryPrimitives.WriteInt64LittleEndian(record[at..], values[index]);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(record[at..], (int)values[index]);
            }

            at += field.Bytes;
        }

        Events++;
    }

    /// <summary>Writes the file; nothing can be added afterwards.</summary>
    public void WriteTo(Stream file)
    {
        IEnumerable<KeyValuePair<string, IReadOnlyList<byte[]>>> systems = formats.GroupBy(format => format.System)
            .Select(system => KeyValuePair.Create<string, IReadOnlyList<byte[]>>(system.Key, [.. system.Select(format => format.Text())]));
        string commands = string.Concat(_commands.Select(command => $"{command.Key} {command.Value}\n"));
        TraceDatHead head = new(
            Encoding.ASCII.GetBytes(HeaderPage), Encoding.ASCII.GetBytes(HeaderEvent), [.. systems], Encoding.UTF8.GetBytes(commands),
            "[local]"u8.ToArray(), $"Linux palimpsest {release} aarch64", pageBytes);
        head.Write(file, [.. _cpus.Select(cpu => cpu.Finish())]);
    }

    private static int SizeOf(EventFormat format)
    {
        int bytes = (format.Bytes + sizeof(int) - 1) / sizeof(int) * sizeof(int);
        return bytes <= MostEventBytes
            ? bytes
            : throw new InputException($"event {format.Name} has {bytes} bytes, more than {MostEventBytes}");
    }

    // events/header_page and header_event of tracefs: the layout of the pages that RingPages makes.
    private string HeaderPage =>
        "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"
        + "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n"
        + "\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;\n"
        + $"\tfield: char data;\toffset:16;\tsize:{pageBytes - RingPages.HeaderBytes};\tsigned:1;\n";

    private const string HeaderEvent =
        "# compressed entry header\n"
        + "\ttype_len    :    5 bits\n"
        + "\ttime_delta  :   27 bits\n"
        + "\tarray       :   32 bits\n\n"
        + "\tpadding     : type == 29\n"
        + "\ttime_extend : type == 30\n"
        + "\ttime_stamp : type == 31\n"
        + "\tdata max type_len  == 28\n";
}
