using System.Buffers.Binary;
using Palimpsest.Machine.Dram;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Caches;

/// <summary>
/// Physical memory as the kernel reaches it by frame: data and tags of the same DRAM, with caches in between where it
/// matters. Only a frame of tag storage has two views that can disagree, so only there are lines cached; everywhere else
/// a coherent cache cannot be seen and data goes straight to DRAM.
/// </summary>
/// <remarks>Offsets are bytes within a page; a range may not pass its end.</remarks>
public sealed partial class TaggedMemory
{
    private readonly StorageCaches _caches;
    private readonly int _pageBytes;

    /// <summary>DRAM that reads as zero, with empty caches.</summary>
    public TaggedMemory(MemoryLayout layout, TaggedMemoryOptions options)
    {
        Layout = layout;
        _pageBytes = layout.Geometry.PageBytes;
        Dram = new DramPages(layout.Frames, layout.Geometry);
        Map = new TagMap(layout);
        _caches = new StorageCaches(Dram, Map, _pageBytes, options);
        Tags = new TagView(Dram, Map, _caches, _pageBytes, options.StorageTags);
    }

    /// <summary>Which pfns the frame indexes stand for.</summary>
    public MemoryLayout Layout { get; }

    /// <summary>What lies below the caches.</summary>
    public DramPages Dram { get; }

    /// <summary>Where the tags of each frame lie.</summary>
    public TagMap Map { get; }

    /// <summary>Reads that got other bytes or tags than were last written.</summary>
    public CorruptionLog Corruptions => _caches.Corruptions;

    /// <summary>Maintenance operations and write-backs so far.</summary>
    public CacheCounters Counters => _caches.Counters;

    /// <summary>Dirty lines of both views now.</summary>
    public int DirtyLines => _caches.DirtyCount;

    internal TagView Tags { get; }

    /// <summary>Eight bytes, little endian, through the caches; the offset is a multiple of 8 within the page.</summary>
    public ulong Load64(int frame, int offset)
    {
        if (!Map.IsStorage(frame))
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(Dram.Peek(frame)[offset..]);
        }

        Span<byte> value = stackalloc byte[sizeof(ulong)];
        Read(frame, offset, value);
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    /// <summary>As <see cref="Load64"/>.</summary>
    public void Store64(int frame, int offset, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Write(frame, offset, bytes);
    }

    /// <summary>Bytes within a page, through the caches.</summary>
    public void Read(int frame, int offset, Span<byte> into)
    {
        int storage = Map.StorageIndexOf(frame);
        if (storage < 0)
        {
            Dram.Peek(frame).Slice(offset, into.Length).CopyTo(into);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset + (ulong)into.Length, (ulong)_pageBytes, nameof(offset));
        LinePage page = _caches.Data(storage);
        while (!into.IsEmpty)
        {
            (int line, int start) = Math.DivRem(offset, TagMap.LineBytes);
            int count = Math.Min(into.Length, TagMap.LineBytes - start);
            _caches.Filled(page, line).Slice(start, count).CopyTo(into);
            into = into[count..];
            offset += count;
        }
    }

    /// <summary>As <see cref="Read"/>.</summary>
    public void Write(int frame, int offset, ReadOnlySpan<byte> from)
    {
        NoteCodeWrite(frame);
        int storage = Map.StorageIndexOf(frame);
        if (storage < 0)
        {
            from.CopyTo(Dram.Page(frame).Slice(offset, from.Length));
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset + (ulong)from.Length, (ulong)_pageBytes, nameof(offset));
        LinePage page = _caches.Data(storage);
        while (!from.IsEmpty)
        {
            (int line, int start) = Math.DivRem(offset, TagMap.LineBytes);
            int count = Math.Min(from.Length, TagMap.LineBytes - start);
            Span<byte> target = count == TagMap.LineBytes ? StorageCaches.Overwritten(page, line) : _caches.Filled(page, line);
            from[..count].CopyTo(target[start..]);
            _caches.Changed(page, line);
            from = from[count..];
            offset += count;
        }
    }

    /// <summary>Zeros the data of a page; its tags stay.</summary>
    public void ZeroPage(int frame)
    {
        NoteCodeWrite(frame);
        int storage = Map.StorageIndexOf(frame);
        if (storage < 0)
        {
            Dram.Zero(frame);
            return;
        }

        LinePage page = _caches.Data(storage);
        for (int line = 0; line < page.Lines; line++)
        {
            StorageCaches.Overwritten(page, line).Clear();
            _caches.Changed(page, line);
        }
    }

    /// <summary>Copies the data of a page, not its tags.</summary>
    public void CopyPage(int from, int to)
    {
        if (!Map.IsStorage(from))
        {
            Write(to, 0, Dram.Peek(from));
            return;
        }

        LinePage page = _caches.Data(Map.StorageIndexOf(from));
        for (int line = 0; line < page.Lines; line++)
        {
            Write(to, line * TagMap.LineBytes, _caches.Filled(page, line));
        }
    }

    /// <summary>True when a tag stored to the frame can be loaded again.</summary>
    public bool HasTags(int frame) => Tags.HasTags(frame);

    /// <summary>Tag of a granule, 0 where the frame has none; -1 when the access faults (<see cref="StorageTagAccess.Fault"/>).</summary>
    public int ReadTag(int frame, int granule) => Tags.Faults(frame) ? -1 : Tags.Read(frame, granule);

    /// <summary>Dropped where the frame has no tags. False when the access faults, as for all stores of tags.</summary>
    public bool WriteTag(int frame, int granule, int tag)
    {
        Tags.Write(frame, granule, tag);
        return !Tags.Faults(frame);
    }

    /// <summary>Tags of a page, packed: page bytes / 32. False when the access faults.</summary>
    public bool ReadTags(int frame, Span<byte> packed)
    {
        Tags.Read(frame, packed);
        return !Tags.Faults(frame);
    }

    /// <summary>
    /// All tags of a frame, two a byte, the lower granule in the low nibble; false where the frame lies in tag storage, which has none.
    /// </summary>
    public bool WriteTags(int frame, ReadOnlySpan<byte> packed)
    {
        Tags.Write(frame, packed);
        return !Tags.Faults(frame);
    }

    /// <summary>All tags of a frame become 0; false as for <see cref="WriteTags"/>.</summary>
    public bool ClearTags(int frame)
    {
        Tags.Clear(frame);
        return !Tags.Faults(frame);
    }
}
