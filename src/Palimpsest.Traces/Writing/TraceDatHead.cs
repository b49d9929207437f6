using System.Text;

namespace Palimpsest.Traces.Writing;

/// <summary>What stands in a trace.dat before the sub-buffers of each CPU.</summary>
/// <param name="HeaderPage">events/header_page of tracefs.</param>
/// <param name="HeaderEvent">events/header_event.</param>
/// <param name="Formats">The format of each event, by system.</param>
/// <param name="Commands">saved_cmdlines.</param>
/// <param name="Clocks">trace_clock.</param>
/// <param name="Uname">As uname -a prints it: system, host, release.</param>
public sealed record TraceDatHead(
    byte[] HeaderPage, byte[] HeaderEvent, IReadOnlyList<KeyValuePair<string, IReadOnlyList<byte[]>>> Formats, byte[] Commands,
        byte[] Clocks, string Uname, int PageBytes)
{
    private const ushort ClockOption = 4;
    private const ushort UnameOption = 5;
    private const ushort CpuCountOption = 8;

    /// <summary>
    /// Writes a whole trace.dat of version 6 (trace-cmd's Documentation/trace-cmd/trace-cmd.dat.v6.5.txt). The sub-buffers of a
    /// CPU begin at a multiple of the page size.
    /// </summary>
    /// <param name="cpus">Sub-buffers of each CPU, one after the other.</param>
    public void Write(Stream file, IReadOnlyList<Stream> cpus)
    {
        using MemoryStream bytes = new();
        using BinaryWriter head = new(bytes);
        head.Write("\x17\x08\x44tracing6\0"u8);
        head.Write([0, sizeof(ulong)]);
        head.Write(PageBytes);
        head.Write("header_page\0"u8);
        Sized(head, HeaderPage);
        head.Write("header_event\0"u8);
        Sized(head, HeaderEvent);
        WriteFormats(head);
        // Neither kallsyms nor formats of trace_printk.
        head.Write(0);
        head.Write(0);
        Sized(head, Commands);
        head.Write(cpus.Count);
        WriteOptions(head, cpus.Count);
        head.Write("flyrecord\0"u8);
        long at = RoundUp(bytes.Length + (2L * sizeof(long) * cpus.Count));
        foreach (Stream pages in cpus)
        {
            head.Write(at);
            head.Write(pages.Length);
            at = RoundUp(at + pages.Length);
        }

        bytes.WriteTo(file);
        foreach (Stream pages in cpus)
        {
            file.Write(new byte[RoundUp(file.Position) - file.Position]);
            pages.Position = 0;
            pages.CopyTo(file);
        }
    }

    private void WriteFormats(BinaryWriter head)
    {
        // The events of ftrace itself, which are no tracepoints: none is recorded.
        head.Write(0);
        head.Write(Formats.Count);
        foreach ((string system, IReadOnlyList<byte[]> formats) in Formats)
        {
            head.Write(Encoding.ASCII.GetBytes(system + "\0"));
            head.Write(formats.Count);
            foreach (byte[] format in formats)
            {
                Sized(head, format);
            }
        }
    }

    private void WriteOptions(BinaryWriter head, int cpus)
    {
        head.Write("options  \0"u8);
        Option(head, ClockOption, [.. Clocks, 0]);
        Option(head, UnameOption, Encoding.UTF8.GetBytes(Uname + "\0"));
        Option(head, CpuCountOption, BitConverter.GetBytes(cpus));
        head.Write((ushort)0);
    }

    private static void Option(BinaryWriter head, ushort kind, byte[] data)
    {
        head.Write(kind);
        head.Write(data.Length);
        head.Write(data);
    }

    private static void Sized(BinaryWriter head, byte[] data)
    {
        head.Write(data.LongLength);
        head.Write(data);
    }

    private long RoundUp(long offset) => (offset + PageBytes - 1) / PageBytes * PageBytes;
}
