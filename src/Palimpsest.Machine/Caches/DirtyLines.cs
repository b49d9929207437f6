namespace Palimpsest.Machine.Caches;

/// <summary>
/// The dirty lines of both views. Any can be named by index, for an explorer that picks one; the oldest is known, for the
/// automatic policy; all operations are O(1).
/// </summary>
internal sealed class DirtyLines
{
    private const int None = -1;

    private Entry[] _entries = new Entry[16];
    private int _newest = None;

    public int Count { get; private set; }

    public int Oldest { get; private set; } = None;

    public (LinePage Page, int Line) this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            return (_entries[index].Page, _entries[index].Line);
        }
    }

    public void Add(LinePage page, int line)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        _entries[Count] = new Entry { Page = page, Line = line, Older = _newest, Newer = None };
        Link(_newest, Count);
        _newest = Count;
        page.DirtyAt[line] = ++Count;
    }

    public void Remove(LinePage page, int line)
    {
        int index = page.DirtyAt[line] - 1;
        page.DirtyAt[line] = 0;
        Link(_entries[index].Older, _entries[index].Newer);
        if (_newest == index)
        {
            _newest = _entries[index].Older;
        }

        Count--;
        if (index < Count)
        {
            Move(Count, index);
        }

        _entries[Count] = default;
    }

    private void Move(int from, int to)
    {
        Entry moved = _entries[from];
        _entries[to] = moved;
        moved.Page.DirtyAt[moved.Line] = to + 1;
        Link(moved.Older, to);
        if (moved.Newer == None)
        {
            _newest = to;
        }
        else
        {
            _entries[moved.Newer].Older = to;
        }
    }

    private void Link(int older, int newer)
    {
        if (older == None)
        {
            Oldest = newer;
        }
        else
        {
            _entries[older].Newer = newer;
        }

        if (newer != None)
        {
            _entries[newer].Older = older;
        }
    }

    private struct Entry
    {
        public LinePage Page;
        public int Line;
        public int Older;
        public int Newer;
    }
}
