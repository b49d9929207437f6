using System.Text;
using Palimpsest.Traces.Records;

namespace Palimpsest.Traces.TraceDat;

/// <summary>Version 6: all parts in a fixed order, then the events of each CPU.</summary>
internal sealed class DatVersion6(RandomBytes bytes, RecordTable records) : DatMetadata(bytes, records)
{
    private const int TagBytes = 10;

    private readonly List<(string Name, long Offset)> _instances = [];

    public override void Read(ByteCursor at)
    {
        ReadMachine(at);
        Header.ReadPages(at);
        Header.ReadOwnEvents(at);
        Header.ReadSystems(at);
        at.Skip(at.UInt32(), "kallsyms");
        at.Skip(at.UInt32(), "the formats of trace_printk");
        Header.ReadCommands(at);
        uint cpus = Cpus(at, at.UInt32());
        CpuCount = cpus;
        string tag;
        while ((tag = Tag(at)) == "options  \0")
        {
            ReadOptions(at, ReadOption);
        }

        ReadExtents(at, tag, "", cpus);
        foreach ((string name, long offset) in _instances)
        {
            var there = new ByteCursor(Bytes, offset);
            ReadExtents(there, Tag(there), name, cpus);
        }
    }

    private void ReadOption(ushort kind, ByteCursor data)
    {
        if (kind == BufferOption)
        {
            ulong offset = data.UInt64();
            string name = data.Name("the name of an instance");
            _instances.Add((name, offset <= (ulong)Bytes.Length ? (long)offset
                : throw data.Error($"instance {name} is said to be at byte {offset}, after the end of the file; it was cut off or is "
                    + "damaged, copy it again")));
        }
        else
        {
            ReadPlainOption(kind, data);
        }
    }

    private void ReadExtents(ByteCursor at, string tag, string name, uint cpus)
    {
        if (tag == "latency  \0")
        {
            throw at.Error("the file holds the text of a latency tracer; give that text");
        }

        if (tag != "flyrecord\0")
        {
            throw at.Error("no events where they must begin; the file is damaged, copy it again");
        }

        var extents = new List<CpuExtent>();
        for (uint cpu = 0; cpu < cpus; cpu++)
        {
            extents.Add(Extent(at, cpu, at.UInt64(), at.UInt64()));
        }

        Buffers.Add(new DatBuffer(name, "", PageBytes, extents));
    }

    private static string Tag(ByteCursor at) => Encoding.Latin1.GetString(at.Block(TagBytes, TagBytes, "the mark of a part"));
}
