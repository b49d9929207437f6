using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Machine.Dram;

/// <summary>Where one tag lies in DRAM.</summary>
/// <param name="Offset">Byte within the storage page.</param>
/// <param name="Shift">0 for the low nibble, that of an even granule; 4 for the high one.</param>
public readonly record struct TagPlace(int StorageFrame, int Offset, int Shift);

/// <summary>
/// The linear map from data to its tags: the page at offset x of what a region covers has its tags in page x/32 of the
/// region (tag byte = PA/32 + offset, two granules a byte). In a block of B &gt; 1 pages the tag lines take turns over the
/// B pages, as memory controllers interleave them; a block-size property tells the kernel no more than B.
/// </summary>
/// <remarks>
/// Storage frames of all regions are numbered densely (storage index), and so are tag pages: the tags of 32 data frames
/// in their order. Tag page and storage frame of one number are one where B = 1, and of one block always.
/// </remarks>
public sealed class TagMap
{
    /// <summary>Bytes of a line, of data as of tags.</summary>
    public const int LineBytes = 64;

    /// <summary>Data whose tags fill a tag line: 2 KiB.</summary>
    public const int DataBytesPerTagLine = LineBytes * TagGeometry.DataFramesPerStorageFrame;

    private const int DataFramesPerTagPage = TagGeometry.DataFramesPerStorageFrame;
    private const int GranulesPerTagLine = DataBytesPerTagLine / TagGeometry.GranuleBytes;

    private readonly Region[] _regions;
    private readonly int _linesPerPage;
    private readonly int _tagLinesPerPage;
    private readonly bool _isStorageCovered;

    /// <summary>Takes the storage runs of a layout; each block of 32 pages has its page there.</summary>
    public TagMap(MemoryLayout layout)
    {
        _linesPerPage = layout.Geometry.PageBytes / LineBytes;
        _tagLinesPerPage = layout.Geometry.PageBytes / DataBytesPerTagLine;
        _regions = new Region[layout.Storage.Count];
        for (int index = 0; index < _regions.Length; index++)
        {
            _regions[index] = new Region(layout.Storage[index], StorageFrames);
            StorageFrames += layout.Storage[index].Frames;
        }

        _isStorageCovered = _regions.Any(covering => _regions.Any(covering.Covers));
    }

    /// <summary>Frames of tag storage of all regions.</summary>
    public int StorageFrames { get; }

    /// <summary>Does the frame lie in tag storage?</summary>
    public bool IsStorage(int frame) => StorageIndexOf(frame) >= 0;

    /// <summary>True for a data frame whose tags a whole block of storage holds.</summary>
    public bool IsCovered(int frame) => TryFind(frame, out _, out _);

    /// <summary>Place of a granule's tag.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The frame has no tags.</exception>
    public TagPlace PlaceOf(int dataFrame, int granule)
    {
        if (!TryFind(dataFrame, out int tagPage, out int firstLine))
        {
            throw new ArgumentOutOfRangeException(nameof(dataFrame), dataFrame, "the frame has no tags");
        }

        (int storage, int stored) = StoredAt(tagPage, firstLine + (granule / GranulesPerTagLine));
        int offset = (stored * LineBytes) + (granule % GranulesPerTagLine / 2);
        return new TagPlace(FrameOf(storage), offset, granule % 2 * TagGeometry.TagBits);
    }

    /// <summary>Dense number of a frame of tag storage, or -1.</summary>
    internal int StorageIndexOf(int frame)
    {
        foreach (ref readonly Region region in _regions.AsSpan())
        {
            uint offset = (uint)(frame - region.FirstFrame);
            if (offset < (uint)region.Frames)
            {
                return region.FirstIndex + (int)offset;
            }
        }

        return -1;
    }

    /// <summary>Tag page of a data frame, and its first line in it; false where it has no tags, as tag storage itself.</summary>
    internal bool TryFind(int frame, out int tagPage, out int firstLine)
    {
        foreach (ref readonly Region region in _regions.AsSpan())
        {
            uint offset = (uint)(frame - region.FirstCovered);
            if (offset < (uint)region.CoveredFrames)
            {
                tagPage = region.FirstIndex + (int)(offset / DataFramesPerTagPage);
                firstLine = (int)(offset % DataFramesPerTagPage) * _tagLinesPerPage;
                return !_isStorageCovered || !IsStorage(frame);
            }
        }

        tagPage = firstLine = -1;
        return false;
    }

    internal int FrameOf(int storage)
    {
        ref readonly Region region = ref RegionOf(storage);
        return region.FirstFrame + storage - region.FirstIndex;
    }

    /// <summary>Storage frame, and line in it, that hold a line of a tag page.</summary>
    internal (int Storage, int Line) StoredAt(int tagPage, int line)
    {
        ref readonly Region region = ref RegionOf(tagPage);
        int block = region.BlockFrames;
        if (block == 1)
        {
            return (tagPage, line);
        }

        int inBlock = (tagPage - region.FirstIndex) % block;
        int lineInBlock = (inBlock * _linesPerPage) + line;
        return (tagPage - inBlock + (lineInBlock % block), lineInBlock / block);
    }

    /// <summary>First storage frame and frames of the block that a storage frame is part of; none where it is no whole block.</summary>
    internal (int First, int Count) BlockOf(int storage)
    {
        ref readonly Region region = ref RegionOf(storage);
        int offset = storage - region.FirstIndex;
        int first = storage - (offset % region.BlockFrames);
        return (first, offset < region.WholeBlocks ? region.BlockFrames : 0);
    }

    /// <summary>
    /// Where the tags of a storage frame would lie if the map were applied to it, wrapped into the memory that its region
    /// covers: what a memory controller without a second carve-out writes to.
    /// </summary>
    internal (int Frame, int Offset) AliasOf(int storage)
    {
        ref readonly Region region = ref RegionOf(storage);
        int beyond = FrameOf(storage) - region.FirstCovered;
        int frame = (beyond >> TagGeometry.DataFramesPerStorageFrameLog2) + region.FirstFrame - region.FirstCovered;
        int covered = Math.Max(1, region.CoveredFrames);
        int wrapped = ((frame % covered) + covered) % covered;
        return (region.FirstCovered + wrapped, (beyond & (DataFramesPerTagPage - 1)) * _tagLinesPerPage * LineBytes);
    }

    private ref readonly Region RegionOf(int index)
    {
        int last = 0;
        while (last + 1 < _regions.Length && _regions[last + 1].FirstIndex <= index)
        {
            last++;
        }

        return ref _regions[last];
    }

    private readonly struct Region(StorageRun run, int firstIndex)
    {
        public readonly int FirstFrame = run.FirstFrame;
        public readonly int Frames = run.Frames;
        public readonly int BlockFrames = run.BlockFrames;
        public readonly int WholeBlocks = run.Frames / run.BlockFrames * run.BlockFrames;
        public readonly int FirstCovered = run.FirstCovered;
        public readonly int CoveredFrames =
            Math.Min(run.CoveredFrames, run.Frames / run.BlockFrames * run.BlockFrames * DataFramesPerTagPage);

        public readonly int FirstIndex = firstIndex;

        public bool Covers(Region other) =>
            other.FirstFrame < FirstCovered + CoveredFrames && FirstCovered < other.FirstFrame + other.Frames;
    }
}
