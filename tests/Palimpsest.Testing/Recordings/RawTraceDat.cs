using System.Text;

namespace Palimpsest.Testing.Recordings;

/// <summary>How the ring buffer writes the time or the place before an event.</summary>
public enum RingPrefix
{
    None,
    TimeExtend,
    AbsoluteTime,
    Discarded,
    NewPage,
}

/// <summary>A mm_page_free in a ring buffer.</summary>
public sealed record RingEvent(ulong Pfn, int Order, int Pid, uint Delta, RingPrefix Prefix, bool HasLongHeader);

/// <summary>Writes version 6 files of mm_page_free events, with everything a ring buffer may hold between them.</summary>
public static class RawTraceDat
{
    public const int PageBytes = 4096;
    private const int HeaderBytes = 16;

    public const string Page = "\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n\tfield: local_t "
        + "commit;\toffset:8;\tsize:8;\tsigned:1;\n\tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;\n";

    public const string Free = "name: mm_page_free\nID: 500\nformat:\n"
        + "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
        + "\tfield:unsigned long pfn;\toffset:8;\tsize:8;\tsigned:0;\n\tfield:unsigned int "
            + "order;\toffset:16;\tsize:4;\tsigned:0;\n\nprint fmt: \"page=%p pfn=0x%lx order=%d\"\n";

    /// <summary>The file, and the time of each event by CPU.</summary>
    public static (byte[] Bytes, List<ulong[]> Times) Write(RingEvent[][] cpus, ulong start)
    {
        var head = new MemoryStream();
        var writer = new BinaryWriter(head);
        writer.Write("\x17\x08\x44tracing6\0\0\x08"u8);
        writer.Write(PageBytes);
        WriteText(writer, "header_page\0", Page);
        WriteText(writer, "header_event\0", "");
        writer.Write(0);
        writer.Write(1);
        writer.Write("kmem\0"u8);
        writer.Write(1);
        WriteText(writer, "", Free);
        writer.Write(0);
        writer.Write(0);
        WriteText(writer, "", "12 some thread\n");
        writer.Write(cpus.Length);
        writer.Write("flyrecord\0"u8);

        var times = new List<ulong[]>();
        var data = new MemoryStream();
        long dataStart = head.Length + (cpus.Length * 16);
        foreach (RingEvent[] events in cpus)
        {
            byte[] pages = Pages(events, start, out ulong[] stamps);
            times.Add(stamps);
            writer.Write(dataStart + data.Length);
            writer.Write((long)pages.Length);
            data.Write(pages);
        }

        return ([.. head.ToArray(), .. data.ToArray()], times);
    }

    public static byte[] Pages(RingEvent[] events, ulong time, out ulong[] stamps)
    {
        var all = new MemoryStream();
        var page = new MemoryStream();
        ulong pageTime = time;
        stamps = new ulong[events.Length];
        for (int i = 0; i < events.Length; i++)
        {
            RingEvent item = events[i];
            if (item.Prefix == RingPrefix.NewPage || page.Length > PageBytes - HeaderBytes - 128)
            {
                Finish(all, page, pageTime);
                pageTime = time;
            }

            var writer = new BinaryWriter(page);
            time += WritePrefix(writer, item, time);
            uint delta = item.Delta & 0xffff;
            time += delta;
            stamps[i] = time;
            WriteRecord(writer, item, delta);
        }

        Finish(all, page, pageTime);
        return all.ToArray();
    }

    // What the prefix adds to the time.
    private static ulong WritePrefix(BinaryWriter writer, RingEvent item, ulong time)
    {
        switch (item.Prefix)
        {
            case RingPrefix.TimeExtend:
                writer.Write(30 | ((item.Delta & 0x7ffffff) << 5));
                writer.Write(3);
                return (item.Delta & 0x7ffffff) + (3UL << 27);
            case RingPrefix.AbsoluteTime:
                ulong stamp = time + item.Delta;
                writer.Write(31 | ((uint)(stamp & 0x7ffffff) << 5));
                writer.Write((uint)(stamp >> 27));
                return item.Delta;
            case RingPrefix.Discarded:
                writer.Write(29 | (7u << 5));
                writer.Write(12);
                writer.Write([.. Enumerable.Repeat((byte)0xff, 8)]);
                return 7;
            default:
                return 0;
        }
    }

    private static void WriteRecord(BinaryWriter writer, RingEvent item, uint delta)
    {
        writer.Write((item.HasLongHeader ? 0u : 5u) | (delta << 5));
        if (item.HasLongHeader)
        {
            writer.Write(24);
        }

        writer.Write((ushort)500);
        writer.Write((ushort)0);
        writer.Write(item.Pid);
        writer.Write(item.Pfn);
        writer.Write(item.Order);
    }

    private static void Finish(MemoryStream all, MemoryStream page, ulong time)
    {
        var writer = new BinaryWriter(all);
        writer.Write(time);
        writer.Write(page.Length);
        page.WriteTo(all);
        writer.Write(new byte[PageBytes - HeaderBytes - (int)page.Length]);
        page.SetLength(0);
    }

    private static void WriteText(BinaryWriter writer, string name, string text)
    {
        writer.Write(Encoding.ASCII.GetBytes(name));
        writer.Write((long)text.Length);
        writer.Write(Encoding.ASCII.GetBytes(text));
    }
}
