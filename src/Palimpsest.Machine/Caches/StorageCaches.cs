using Palimpsest.Machine.Dram;

namespace Palimpsest.Machine.Caches;

/// <summary>
/// The caches between the two views of tag storage and its DRAM. Lines are filled at first use and stay until they are
/// evicted or invalidated; the views do not see each other's lines, as on hardware.
/// </summary>
internal sealed class StorageCaches
{
    private readonly DramPages _dram;
    private readonly TagMap _map;
    private readonly LinePage?[] _data;
    private readonly LinePage?[] _tags;
    private readonly StorageContent[] _contents;
    private readonly DirtyLines _dirty = new();
    private readonly List<ITagLineWatcher> _watchers = [];
    private readonly int _pageBytes;
    private readonly int _capacity;
    private readonly bool _invalidateCleans;

    public StorageCaches(DramPages dram, TagMap map, int pageBytes, TaggedMemoryOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.DirtyCapacity);
        _dram = dram;
        _map = map;
        _pageBytes = pageBytes;
        _capacity = options.DirtyCapacity;
        _invalidateCleans = options.InvalidateCleans;
        _data = new LinePage?[map.StorageFrames];
        _tags = new LinePage?[map.StorageFrames];
        _contents = new StorageContent[map.StorageFrames];
        Corruptions = new CorruptionLog(options.MostCorruptions);
    }

    public CorruptionLog Corruptions { get; }

    public CacheCounters Counters { get; } = new();

    public int DirtyCount => _dirty.Count;

    public void AddWatcher(ITagLineWatcher watcher) => _watchers.Add(watcher);

    public LinePage Data(int storage) => _data[storage] ??= new LinePage(LineView.Data, storage, _pageBytes);

    public LinePage Tags(int tagPage) => _tags[tagPage] ?? AddTags(tagPage);

    /// <summary>The line, read from DRAM if it is not cached.</summary>
    public Span<byte> Filled(LinePage page, int line)
    {
        ref byte state = ref page.State(line);
        if ((state & LinePage.Valid) == 0)
        {
            (int frame, int offset) = PlaceOf(page, line);
            _dram.Peek(frame).Slice(offset, TagMap.LineBytes).CopyTo(page.Line(line));
            state |= LinePage.Valid;
        }

        return page.Line(line);
    }

    /// <summary>The line, all of which the caller writes.</summary>
    public static Span<byte> Overwritten(LinePage page, int line)
    {
        page.State(line) |= LinePage.Valid;
        return page.Line(line);
    }

    /// <summary>Tells that a line was changed; may write it, or an older one, back at once.</summary>
    public void Changed(LinePage page, int line)
    {
        if (page.DirtyAt[line] == 0)
        {
            _dirty.Add(page, line);
            if (_dirty.Count > _capacity)
            {
                MakeRoom();
            }
        }
    }

    public void WriteBack(int index)
    {
        (LinePage page, int line) = _dirty[index];
        _dirty.Remove(page, line);
        (int frame, int offset) = PlaceOf(page, line);
        StorageContent content = _contents[_map.StorageIndexOf(frame)];
        if (page.View == LineView.Data)
        {
            Counters.DataWriteBacks++;
            Note(content == StorageContent.Tags, CorruptionKind.DataWriteBackIntoTags, frame, offset);
        }
        else
        {
            Counters.TagWriteBacks++;
            Note(content == StorageContent.Data, CorruptionKind.TagWriteBackIntoData, frame, offset);
        }

        page.Line(line).CopyTo(_dram.Page(frame)[offset..]);
    }

    /// <summary>Makes room, as a cache does when it is full: the line goes to DRAM and out of the cache.</summary>
    public void Evict(int index)
    {
        (LinePage page, int line) = _dirty[index];
        WriteBack(index);
        Drop(page, line);
    }

    public void WriteBackAll()
    {
        while (_dirty.Count > 0)
        {
            WriteBack(_dirty.Oldest);
        }
    }

    /// <summary>View, storage frame and line of a dirty line.</summary>
    public (LineView View, int StorageFrame, int Line) Describe(int index)
    {
        (LinePage page, int line) = _dirty[index];
        (int frame, int offset) = PlaceOf(page, line);
        return (page.View, frame, offset / TagMap.LineBytes);
    }

    public void MaintainData(LineMaintenance what, int storage, int firstLine, int lines) =>
        Maintain(what, _data[storage], firstLine, lines);

    public void MaintainTags(LineMaintenance what, int tagPage, int firstLine, int lines) =>
        Maintain(what, _tags[tagPage], firstLine, lines);

    public StorageContent ContentOf(int storage) => _contents[storage];

    public void SetContent(int storage, StorageContent content)
    {
        NoteLeftBehind(storage, content);
        _contents[storage] = content;
        (int first, int block) = _map.BlockOf(storage);
        for (int tagPage = first; tagPage < first + block; tagPage++)
        {
            if (_tags[tagPage] is { } page)
            {
                Mark(page, storage, content);
            }
        }
    }

    /// <summary>
    /// Reports dirty lines of the old view when a page turns: within one step of the kernel no cache comes in between, so that
    /// the order of invalidating and turning would not be seen otherwise (TAG-4).
    /// </summary>
    private void NoteLeftBehind(int storage, StorageContent content)
    {
        if (_contents[storage] == content)
        {
            return;
        }

        if (content == StorageContent.Tags)
        {
            NoteDirty(_data[storage], storage, CorruptionKind.DataLineLeftBehind);
            return;
        }

        (int first, int block) = _map.BlockOf(storage);
        for (int tagPage = first; tagPage < first + block; tagPage++)
        {
            NoteDirty(_tags[tagPage], storage, CorruptionKind.TagLineLeftBehind);
        }
    }

    private void NoteDirty(LinePage? page, int storage, CorruptionKind kind)
    {
        for (int line = 0; page is not null && line < page.Lines; line++)
        {
            if (page.DirtyAt[line] != 0 && PlaceOf(page, line) is var (frame, offset) && _map.StorageIndexOf(frame) == storage)
            {
                Corruptions.Add(kind, frame, offset / TagMap.LineBytes);
            }
        }
    }

    /// <summary>Reports a tag access to a line whose storage holds data.</summary>
    public void NoteTagAccess(LinePage page, int line, CorruptionKind kind)
    {
        if ((page.State(line) & LinePage.Unreserved) != 0)
        {
            (int frame, int offset) = PlaceOf(page, line);
            Corruptions.Add(kind, frame, offset / TagMap.LineBytes);
        }
    }

    private void MakeRoom()
    {
        if (_capacity == 0)
        {
            WriteBack(_dirty.Oldest);
        }
        else
        {
            Evict(_dirty.Oldest);
        }
    }

    private LinePage AddTags(int tagPage)
    {
        LinePage page = new(LineView.Tags, tagPage, _pageBytes);
        (int first, int block) = _map.BlockOf(tagPage);
        for (int storage = first; storage < first + block; storage++)
        {
            Mark(page, storage, _contents[storage]);
        }

        return _tags[tagPage] = page;
    }

    /// <summary>Marks the lines of a tag page that lie in a storage frame of its block.</summary>
    private void Mark(LinePage page, int storage, StorageContent content)
    {
        (int first, int block) = _map.BlockOf(storage);
        int turn = (page.Number - first) * page.Lines % block;
        for (int line = (storage - first - turn + block) % block; line < page.Lines; line += block)
        {
            ref byte state = ref page.State(line);
            state = (byte)(content == StorageContent.Data ? state | LinePage.Unreserved : state & ~LinePage.Unreserved);
            TellWatchers(page, line);
        }
    }

    /// <summary>The line is in the cache no more.</summary>
    private void Drop(LinePage page, int line)
    {
        page.State(line) &= unchecked((byte)~LinePage.Valid);
        TellWatchers(page, line);
    }

    private void TellWatchers(LinePage page, int line)
    {
        if (page.TakeShort(line) is var hint && hint != 0)
        {
            foreach (ITagLineWatcher watcher in _watchers)
            {
                watcher.TagLineChanges(page, line, hint);
            }
        }
    }

    private void Maintain(LineMaintenance what, LinePage? page, int firstLine, int lines)
    {
        for (int line = firstLine; page is not null && line < firstLine + lines; line++)
        {
            if (page.DirtyAt[line] != 0)
            {
                if (what != LineMaintenance.Invalidate || _invalidateCleans)
                {
                    WriteBack(page.DirtyAt[line] - 1);
                }
                else
                {
                    _dirty.Remove(page, line);
                }
            }

            if (what != LineMaintenance.Clean)
            {
                Drop(page, line);
            }
        }
    }

    private void Note(bool isWrong, CorruptionKind kind, int frame, int offset)
    {
        if (isWrong)
        {
            Corruptions.Add(kind, frame, offset / TagMap.LineBytes);
        }
    }

    private (int Frame, int Offset) PlaceOf(LinePage page, int line)
    {
        (int storage, int stored) = page.View == LineView.Data ? (page.Number, line) : _map.StoredAt(page.Number, line);
        return (_map.FrameOf(storage), stored * TagMap.LineBytes);
    }
}
