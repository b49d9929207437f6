using Palimpsest.Traces.Records;

namespace Palimpsest.Traces.TraceDat;

/// <summary>Version 7: sections anywhere in the file, found by options, which are sections themselves.</summary>
internal sealed class DatVersion7(RandomBytes bytes, RecordTable records) : DatMetadata(bytes, records)
{
    private const ushort CompressedFlag = 1;
    private const int LargestSection = 32 << 20;
    private const int MostOptionSections = 1024;
    private const int HeaderInfoOption = 16;
    private const int OwnEventsOption = 17;
    private const int SystemsOption = 18;
    private const int CommandsOption = 21;

    private static readonly Dictionary<int, string> Contents = new()
    {
        [HeaderInfoOption] = "the ring buffer's format",
        [OwnEventsOption] = "the formats of ftrace's events",
        [SystemsOption] = "the formats of events",
        [CommandsOption] = "the names of threads",
    };

    public override void Read(ByteCursor at)
    {
        ReadMachine(at);
        Compression = at.Name("the name of a compression");
        at.Name("the version of a compression");
        Codec = ChunkCodec.Of(Compression, at);
        ulong next = at.UInt64();
        long read = at.Offset;
        for (int sections = 0; next != 0; sections++)
        {
            if (sections == MostOptionSections)
            {
                throw at.Error($"more than {MostOptionSections} sections of options; the file is damaged, copy it again");
            }

            if (!CutSections.IsWhole(Bytes, next))
            {
                ReadCutOff(read, hasFormats: sections > 0);
                return;
            }

            ByteCursor section = OpenSection((long)next, "options");
            ReadOptions(section, ReadOption);
            section.UInt32();
            next = section.UInt64();
            read = section.Offset;
        }
    }

    private void ReadOption(ushort kind, ByteCursor data)
    {
        switch (kind)
        {
            case BufferOption:
                ReadBuffer(data);
                break;
            case HeaderInfoOption or OwnEventsOption or SystemsOption or CommandsOption:
                ReadFormats(kind, SectionOf(data, Contents[kind]));
                break;
            default:
                ReadPlainOption(kind, data);
                break;
        }
    }

    /// <summary>Where events lie is written behind them. Without it, sections are taken one after the other.</summary>
    private void ReadCutOff(long offset, bool hasFormats)
    {
        IsCutOff = true;
        CutSections sections = new(Bytes, PageBytes, Codec);
        foreach ((int kind, long start, long end) in sections.From(offset))
        {
            if (kind == BufferOption)
            {
                Buffers.Add(new DatBuffer("", "", PageBytes, [.. sections.Events(start, end)]));
            }
            else if (!hasFormats && kind is HeaderInfoOption or OwnEventsOption or SystemsOption or CommandsOption)
            {
                ReadFormats(kind, OpenSection(start - CutSections.HeaderBytes, "a section"));
            }
        }
    }

    private void ReadFormats(int kind, ByteCursor section)
    {
        switch (kind)
        {
            case HeaderInfoOption:
                Header.ReadPages(section);
                break;
            case OwnEventsOption:
                Header.ReadOwnEvents(section);
                break;
            case SystemsOption:
                Header.ReadSystems(section);
                break;
            default:
                Header.ReadCommands(section);
                break;
        }
    }

    private void ReadBuffer(ByteCursor data)
    {
        data.UInt64();
        string name = data.Name("the name of a buffer");
        string clock = data.Name("the name of a clock");
        int pageBytes = PageSize(data, data.UInt32());
        uint cpus = Cpus(data, data.UInt32());
        var extents = new List<CpuExtent>();
        for (uint i = 0; i < cpus; i++)
        {
            extents.Add(Extent(data, data.UInt32(), data.UInt64(), data.UInt64()));
        }

        Buffers.Add(new DatBuffer(name, clock, pageBytes, extents));
    }

    private ByteCursor SectionOf(ByteCursor data, string what)
    {
        ulong place = data.UInt64();
        return place <= (ulong)Bytes.Length
            ? OpenSection((long)place, what)
            : throw data.Error(
                $"{what} are said to be at byte {place}, after the end of the file; it was cut off or is damaged, copy it again");
    }

    // u16 kind, u16 flags, u32 name, u64 size in the file.
    private ByteCursor OpenSection(long offset, string what)
    {
        var at = new ByteCursor(Bytes, offset);
        at.UInt16();
        bool isCompressed = (at.UInt16() & CompressedFlag) != 0;
        at.UInt32();
        at.UInt64();
        if (!isCompressed)
        {
            return at;
        }

        if (Codec is null)
        {
            throw at.Error($"{what} are compressed in a file without compression; it is damaged, copy it again");
        }

        byte[] content = [];
        int taken = Codec.Unpack(Bytes, at.Offset, LargestSection, ref content, out int length);
        return taken > 0
            ? new ByteCursor(new RandomBytes(new MemoryStream(content, 0, length), $"{Bytes.Name}: section at byte {offset}"), 0)
            : throw at.Error($"the file ends inside {what}; it was cut off, copy it again");
    }
}
