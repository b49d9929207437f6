using System.Buffers.Binary;
using System.Text;

namespace Palimpsest.Lab.Tracing;

/// <summary>What stands in a trace.dat before the sub-buffers of each CPU.</summary>
/// <param name="HeaderPage">events/header_page of tracefs.</param>
/// <param name="HeaderEvent">events/header_event.</param>
/// <param name="Formats">The format of each event, by system.</param>
/// <param name="Commands">saved_cmdlines.</param>
/// <param name="Clocks">trace_clock.</param>
/// <param name="Uname">As uname -a prints it: system, host, release.</param>
internal sealed record TraceDatHead(
    byte[] HeaderPage, byte[] HeaderEvent, IReadOnlyList<KeyValuePair<string, IReadOnlyList<byte[]>>> Formats, byte[] Commands, byte[] Clocks, string Uname, int PageBytes)
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
        using MemoryStream head = new();
        head.Write("\x17\x08\x44tracing6\0"u8);
        head.Write([0, sizeof(ulong)]);
        U32(head, (uint)PageBytes);
        Named(head, "header_page\0"u8, HeaderPage);
        Named(head, "header_event\0"u8, HeaderEvent);
        WriteFormats(head);
        U32(head, 0);
        U32(head, 0);
        Sized(head, Commands);
        U32(head, (uint)cpus.Count);
        WriteOptions(head, cpus.Count);
        head.Write("flyrecord\0"u8);
        long at = RoundUp(head.Length + (2L * sizeof(ulong) * cpus.Count));
        foreach (Stream pages in cpus)
        {
            U64(head, (ulong)at);
            U64(head, (ulong)pages.Length);
            at = RoundUp(at + pages.Length);
        }

        head.WriteTo(file);
        foreach (Stream pages in cpus)
        {
            file.Write(new byte[RoundUp(file.Position) - file.Position]);
            pages.Position = 0;
            pages.CopyTo(file);
        }
    }

    private void WriteFormats(MemoryStream head)
    {
        // The events of ftrace itself, which are no tracepoints: none is recorded.
        U32(head, 0);
        U32(head, (uint)Formats.Count);
        foreach ((string system, IReadOnlyList<byte[]> formats) in Formats)
        {
            head.Write(Encoding.ASCII.GetBytes(system + "\0"));
            U32(head, (uint)formats.Count);
            foreach (byte[] format in formats)
            {
                Sized(head, format);
            }
        }
    }

    private void WriteOptions(MemoryStream head, int cpus)
    {
        head.Write("options  \0"u8);
        Option(head, ClockOption, [.. Clocks, 0]);
        Option(head, UnameOption, Encoding.UTF8.GetBytes(Uname + "\0"));
        byte[] count = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(count, (uint)cpus);
        Option(head, CpuCountOption, count);
        U16(head, 0);
    }

    private static void Option(Stream head, ushort kind, byte[] data)
    {
        U16(head, kind);
        U32(head, (uint)data.Length);
        head.Write(data);
    }

    private static void Named(Stream head, ReadOnlySpan<byte> name, byte[] data)
    {
        head.Write(name);
        Sized(head, data);
    }

    private static void Sized(Stream head, byte[] data)
    {
        U64(head, (ulong)data.Length);
        head.Write(data);
    }

    private static void U16(Stream head, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        head.Write(bytes);
    }

    private static void U32(Stream head, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        head.Write(bytes);
    }

    private static void U64(Stream head, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        head.Write(bytes);
    }

    private long RoundUp(long offset) => (offset + PageBytes - 1) / PageBytes * PageBytes;
}
