using System.Diagnostics.CodeAnalysis;
using Palimpsest.Machine.Dram;

namespace Palimpsest.Machine.Caches;

/// <summary>
/// Tag accesses: through the tag lines where the frame has tag storage, and as <see cref="StorageTagAccess"/> says where
/// it is tag storage.
/// </summary>
internal sealed class TagView(DramPages dram, TagMap map, StorageCaches caches, int pageBytes, StorageTagAccess storageTags)
{
    private const int GranulesPerLine = TagMap.LineBytes * 2;

    private readonly byte[]?[] _tagsOfStorage = new byte[]?[storageTags == StorageTagAccess.TagOfTag ? map.StorageFrames : 0];
    private readonly int _linesPerFrame = pageBytes / TagMap.DataBytesPerTagLine;

    public bool HasTags(int frame) => map.IsCovered(frame) || (storageTags == StorageTagAccess.TagOfTag && map.IsStorage(frame));

    /// <summary>True where a tag access to the frame faults.</summary>
    public bool Faults(int frame) => storageTags == StorageTagAccess.Fault && map.IsStorage(frame);

    public int Read(int frame, int granule)
    {
        if (TryLine(frame, granule / GranulesPerLine, out LinePage page, out int line))
        {
            caches.NoteTagAccess(page, line, CorruptionKind.TagReadFromUnreserved);
            return PackedTags.Get(caches.Filled(page, line), granule % GranulesPerLine);
        }

        return TryUncached(frame, out Span<byte> tags) ? PackedTags.Get(tags, granule) : 0;
    }

    public void Write(int frame, int granule, int tag)
    {
        if (TryLine(frame, granule / GranulesPerLine, out LinePage page, out int line))
        {
            caches.NoteTagAccess(page, line, CorruptionKind.TagWriteToUnreserved);
            PackedTags.Set(caches.Filled(page, line), granule % GranulesPerLine, tag);
            caches.Changed(page, line);
        }
        else if (TryUncached(frame, out Span<byte> tags))
        {
            PackedTags.Set(tags, granule, tag);
        }
    }

    public void Read(int frame, Span<byte> packed)
    {
        packed = packed[..(_linesPerFrame * TagMap.LineBytes)];
        if (TryLine(frame, 0, out LinePage page, out int first))
        {
            for (int line = first; line < first + _linesPerFrame; line++)
            {
                caches.NoteTagAccess(page, line, CorruptionKind.TagReadFromUnreserved);
                caches.Filled(page, line).CopyTo(packed[((line - first) * TagMap.LineBytes)..]);
            }
        }
        else if (TryUncached(frame, out Span<byte> tags))
        {
            tags.CopyTo(packed);
        }
        else
        {
            packed.Clear();
        }
    }

    public void Write(int frame, ReadOnlySpan<byte> packed)
    {
        packed = packed[..(_linesPerFrame * TagMap.LineBytes)];
        if (TryLine(frame, 0, out LinePage page, out int first))
        {
            for (int line = first; line < first + _linesPerFrame; line++)
            {
                caches.NoteTagAccess(page, line, CorruptionKind.TagWriteToUnreserved);
                packed.Slice((line - first) * TagMap.LineBytes, TagMap.LineBytes).CopyTo(StorageCaches.Overwritten(page, line));
                caches.Changed(page, line);
            }
        }
        else if (TryUncached(frame, out Span<byte> tags))
        {
            packed.CopyTo(tags);
        }
    }

    // Line by line: zeros on the stack would be copied from, and the copy would wait for all stores before it.
    public void Clear(int frame)
    {
        if (TryLine(frame, 0, out LinePage page, out int first))
        {
            for (int line = first; line < first + _linesPerFrame; line++)
            {
                caches.NoteTagAccess(page, line, CorruptionKind.TagWriteToUnreserved);
                StorageCaches.Overwritten(page, line).Clear();
                caches.Changed(page, line);
            }
        }
        else if (TryUncached(frame, out Span<byte> tags))
        {
            tags.Clear();
        }
    }

    /// <summary>First granule in the range whose tag differs, or -1: what the checks of a long access find.</summary>
    public int FirstOther(int frame, int first, int end, int tag)
    {
        ReadOnlySpan<byte> tags = stackalloc byte[TagMap.LineBytes];
        while (first < end)
        {
            int lineStart = first / GranulesPerLine * GranulesPerLine;
            int stop = Math.Min(end, lineStart + GranulesPerLine);
            if (TryLine(frame, first / GranulesPerLine, out LinePage page, out int line))
            {
                caches.NoteTagAccess(page, line, CorruptionKind.TagReadFromUnreserved);
                tags = caches.Filled(page, line);
            }
            else if (TryUncached(frame, out Span<byte> uncached))
            {
                tags = uncached.Slice(lineStart / 2, TagMap.LineBytes);
            }

            int other = PackedTags.FirstOther(tags, first - lineStart, stop - lineStart, tag);
            if (other >= 0)
            {
                return lineStart + other;
            }

            first = stop;
        }

        return -1;
    }

    public void AddWatcher(ITagLineWatcher watcher) => caches.AddWatcher(watcher);

    /// <summary>The line of tags that a frame's own line is, for checks that keep it; false where there is none.</summary>
    /// <param name="line">Line of the frame; then of the page.</param>
    public bool TryLine(int frame, ref int line, [NotNullWhen(true)] out LinePage? page)
    {
        bool found = TryLine(frame, line, out LinePage cached, out line);
        page = found ? cached : null;
        return found;
    }

    public void Maintain(LineMaintenance what, int frame, int firstLine, int lines)
    {
        if (map.TryFind(frame, out int tagPage, out int line))
        {
            caches.MaintainTags(what, tagPage, line + firstLine, lines);
        }
    }

    private bool TryLine(int frame, int lineInFrame, out LinePage page, out int line)
    {
        if (!map.TryFind(frame, out int tagPage, out line))
        {
            page = null!;
            return false;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)lineInFrame, (uint)_linesPerFrame, "granule");
        page = caches.Tags(tagPage);
        line += lineInFrame;
        return true;
    }

    private bool TryUncached(int frame, out Span<byte> tags)
    {
        int storage = map.StorageIndexOf(frame);
        tags = default;
        if (storage >= 0 && storageTags == StorageTagAccess.TagOfTag)
        {
            tags = _tagsOfStorage[storage] ??= new byte[_linesPerFrame * TagMap.LineBytes];
        }
        else if (storage >= 0 && storageTags == StorageTagAccess.Misconfigured)
        {
            (int alias, int offset) = map.AliasOf(storage);
            tags = dram.Page(alias).Slice(offset, _linesPerFrame * TagMap.LineBytes);
        }

        return !tags.IsEmpty;
    }
}
