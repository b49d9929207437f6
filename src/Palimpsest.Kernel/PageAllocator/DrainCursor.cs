using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// Which folio a drain frees next: whole lists from their tails, round-robin (free_pcppages_bulk, mm/page_alloc.c, 6.1).
/// The caller takes each folio off its list before it asks for the next.
/// </summary>
internal struct DrainCursor(FrameTable frames, PerCpuPages pages, int count, int firstIndex)
{
    private int _left = Math.Min(pages.State.Count, count);
    private int _index = firstIndex - 1;
    private int _first = 0;
    private int _last = PerCpuPages.Lists - 1;
    private Frame _head = Frame.None;

    /// <summary>Frames still to be given back.</summary>
    public readonly int Left => _left;

    /// <summary>The next folio, or none when enough were given.</summary>
    public Frame Next()
    {
        if (_left <= 0)
        {
            return Frame.None;
        }

        if (_head.IsNone || frames.IsEmpty(_head))
        {
            _head = NextList();
        }

        Frame frame = frames.Last(_head);
        _left -= 1 << frames[frame].Order;
        return frame;
    }

    private Frame NextList()
    {
        while (true)
        {
            if (++_index > _last)
            {
                _index = _first;
            }

            Frame head = frames.ListHead(pages.ListOf(_index));
            if (!frames.IsEmpty(head))
            {
                return head;
            }

            _last -= _index == _last ? 1 : 0;
            _first += _index == _first ? 1 : 0;
        }
    }
}
