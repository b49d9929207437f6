namespace Palimpsest.Kernel.Tables;

/// <summary>The areas of an address space, by rising addresses; they do not overlap.</summary>
internal sealed class VmAreaList
{
    private readonly List<VmArea> _areas = [];
    private VmArea? _last;

    public IReadOnlyList<VmArea> All => _areas;

    /// <summary>The area that holds a page, or null.</summary>
    public VmArea? Find(ulong page)
    {
        if (_last is { } last && last.Contains(page))
        {
            return last;
        }

        int index = IndexFrom(page);
        if (index == _areas.Count || !_areas[index].Contains(page))
        {
            return null;
        }

        return _last = _areas[index];
    }

    public void Add(VmArea area)
    {
        int index = IndexFrom(area.Start);
        if (index < _areas.Count && _areas[index].Start < area.End)
        {
            throw new InvalidOperationException("areas overlap");
        }

        _areas.Insert(index, area);
    }

    /// <summary>Areas that have pages of [start, end).</summary>
    public IEnumerable<VmArea> Within(ulong start, ulong end)
    {
        for (int index = IndexFrom(start); index < _areas.Count && _areas[index].Start < end; index++)
        {
            yield return _areas[index];
        }
    }

    /// <summary>Areas that lie in [start, end), cut at its ends so that none reaches out of it.</summary>
    public List<VmArea> Cut(ulong start, ulong end)
    {
        CutAt(start);
        CutAt(end);
        List<VmArea> inside = [];
        for (int index = IndexFrom(start); index < _areas.Count && _areas[index].Start < end; index++)
        {
            inside.Add(_areas[index]);
        }

        return inside;
    }

    public void Remove(VmArea area)
    {
        _areas.Remove(area);
        _last = null;
    }

    /// <summary>Areas that go on with their neighbours become one, at the ends of [start, end) and within (vma_merge).</summary>
    public void Merge(ulong start, ulong end)
    {
        int index = Math.Max(0, IndexFrom(start) - 1);
        while (index + 1 < _areas.Count && _areas[index].End <= end)
        {
            VmArea next = _areas[index + 1];
            if (!_areas[index].IsContinuedBy(next))
            {
                index++;
                continue;
            }

            _areas[index].End = next.End;
            _areas.RemoveAt(index + 1);
            _last = null;
            if (next.Backing is { } file)
            {
                file.Users--;
            }
        }
    }

    /// <summary>First gap of that many pages from a page on, aligned; null when there is none below the end.</summary>
    public ulong? FindGap(ulong from, ulong pages, ulong alignment, ulong end)
    {
        ulong candidate = RoundUp(from, alignment);
        for (int index = IndexFrom(candidate); index < _areas.Count; index++)
        {
            if (_areas[index].Start >= candidate + pages)
            {
                break;
            }

            candidate = RoundUp(_areas[index].End, alignment);
        }

        return candidate + pages <= end ? candidate : null;
    }

    /// <summary>Last gap of that many pages below a page, aligned; null when there is none from a page on.</summary>
    public ulong? FindGapBelow(ulong below, ulong pages, ulong alignment, ulong from)
    {
        for (int index = IndexFrom(below); ; index--)
        {
            // The gap before an area; the first one is behind all that lie below.
            ulong end = index < _areas.Count ? Math.Min(_areas[index].Start, below) : below;
            ulong start = Math.Max(index > 0 ? _areas[index - 1].End : 0, from);
            ulong candidate = end < pages ? 0 : (end - pages) / alignment * alignment;
            if (end >= pages && candidate >= start)
            {
                return candidate;
            }

            if (index == 0 || end <= from)
            {
                return null;
            }
        }
    }

    private void CutAt(ulong page)
    {
        if (Find(page) is { } area && area.Start < page)
        {
            _last = null;
            Add(area.SplitAt(page));
        }
    }

    /// <summary>Index of the first area that ends behind a page.</summary>
    private int IndexFrom(ulong page)
    {
        int low = 0;
        int high = _areas.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_areas[middle].End <= page)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static ulong RoundUp(ulong value, ulong multiple) => (value + multiple - 1) / multiple * multiple;
}
