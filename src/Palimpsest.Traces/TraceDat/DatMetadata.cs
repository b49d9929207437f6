using System.Text;
using Palimpsest.Traces.Records;

namespace Palimpsest.Traces.TraceDat;

/// <summary>What a trace.dat says about its recording before the events: formats, options, and where the events lie.</summary>
internal abstract class DatMetadata(RandomBytes bytes, RecordTable records)
{
    protected const int BufferOption = 3;
    private const int ClockOption = 4;
    private const int UnameOption = 5;
    private const int CpuCountOption = 8;
    private const int LargestOption = 1 << 20;

    // A pebibyte; the sizes of all CPUs still have a sum.
    private const ulong LargestExtent = 1UL << 50;

    public RandomBytes Bytes { get; } = bytes;

    public TracingHeader Header { get; } = new(records);

    public List<DatBuffer> Buffers { get; } = [];

    /// <summary>Name of the trace clock; null if no option tells.</summary>
    public string? Clock { get; private set; }

    /// <summary>As uname -r prints it; null if no option tells.</summary>
    public string? KernelRelease { get; private set; }

    public uint CpuCount { get; protected set; }

    public ChunkCodec? Codec { get; protected set; }

    public string Compression { get; protected set; } = "none";

    /// <summary>The file was cut off before it says where its events lie; what there was of them was found.</summary>
    public bool IsCutOff { get; protected set; }

    /// <summary>Page size of the machine that recorded.</summary>
    public int PageBytes { get; protected set; }

    /// <summary>Reads all, from the byte after the version on.</summary>
    public abstract void Read(ByteCursor at);

    protected void ReadMachine(ByteCursor at)
    {
        if (at.Byte() != 0)
        {
            throw at.Error("the recorded machine is big-endian, which is not read; give the text of /sys/kernel/tracing/trace instead");
        }

        at.Byte();
        PageBytes = PageSize(at, at.UInt32());
    }

    protected static int PageSize(ByteCursor at, uint bytes) => bytes is >= 1024 and <= (1 << 20) && uint.IsPow2(bytes)
        ? (int)bytes
        : throw at.Error($"pages of {bytes} bytes, which no machine has; the file is damaged, copy it again");

    protected static CpuExtent Extent(ByteCursor at, uint cpu, ulong offset, ulong size) =>
        cpu < TraceBuilder.MostCpus && offset <= LargestExtent && size <= LargestExtent
            ? new CpuExtent((int)cpu, (long)offset, (long)size)
            : throw at.Error($"CPU {cpu} with {size} bytes at byte {offset}, which cannot be; the file is damaged, copy it again");

    protected static uint Cpus(ByteCursor at, uint count) => count <= TraceBuilder.MostCpus
        ? count
        : throw at.Error($"{count} CPUs, more than {TraceBuilder.MostCpus}; the file is damaged, copy it again");

    /// <summary>Records of u16 kind, u32 size and data, up to one of kind 0, whose data is left unread.</summary>
    protected void ReadOptions(ByteCursor at, Action<ushort, ByteCursor> read)
    {
        for (ushort kind; (kind = at.UInt16()) != 0;)
        {
            uint size = at.UInt32();
            long end = at.Offset + size;
            if (kind is BufferOption or ClockOption or UnameOption or CpuCountOption or >= 16 and <= 21)
            {
                var data = new ByteCursor(new RandomBytes(new MemoryStream(at.Block(size, LargestOption, "an option")),
                    $"{Bytes.Name}: option {kind} before byte {end}"), 0);
                read(kind, data);
            }
            else
            {
                at.Skip(size, "an option");
            }

            at.Offset = end;
        }
    }

    protected void ReadPlainOption(ushort kind, ByteCursor data)
    {
        switch (kind)
        {
            case ClockOption:
                Clock = ChosenClock(Rest(data));
                break;
            case UnameOption:
                KernelRelease = Rest(data).Split(' ').ElementAtOrDefault(2);
                break;
            case CpuCountOption:
                CpuCount = Cpus(data, data.UInt32());
                break;
        }
    }

    private static string Rest(ByteCursor data) =>
        Encoding.UTF8.GetString(data.Block((ulong)data.Remaining, LargestOption, "an option")).TrimEnd('\0', '\n', ' ');

    // "[local] global counter"
    private static string? ChosenClock(string clocks)
    {
        int open = clocks.IndexOf('[', StringComparison.Ordinal);
        int close = clocks.IndexOf(']', StringComparison.Ordinal);
        return open >= 0 && close > open ? clocks[(open + 1)..close] : null;
    }
}
