using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Frames;

/// <summary>
/// The frames of a machine in one array, the type of each pageblock, and doubly linked lists threaded through the
/// frames. Frame numbers here are dense indexes (<see cref="MemoryLayout"/> maps pfns to them), so holes cost nothing.
/// </summary>
// List heads are frames too, behind the last real one: removing a frame then needs no knowledge of its list, and an
// empty list is a head that points at itself.
public sealed class FrameTable
{
    private readonly PageFrame[] _frames;
    private readonly byte[] _blockTypes;

    /// <param name="lists">Lists of zones; those of the LRU follow.</param>
    internal FrameTable(int frames, int lists, int pageBlockOrder)
    {
        Count = frames;
        FirstLruList = lists;
        PageBlockOrder = pageBlockOrder;
        _frames = new PageFrame[checked(frames + lists + LruLists)];
        _blockTypes = new byte[(frames + (1 << pageBlockOrder) - 1) >> pageBlockOrder];
        for (int head = frames; head < _frames.Length; head++)
        {
            _frames[head].Next = head;
            _frames[head].Previous = head;
        }
    }

    /// <summary>Real frames; list heads follow.</summary>
    public int Count { get; }

    /// <summary>Inactive and active, of anonymous memory and of files (enum lru_list, without the unevictable one).</summary>
    internal const int LruLists = 4;

    internal int FirstLruList { get; }

    public int PageBlockOrder { get; }

    public int PageBlockFrames => 1 << PageBlockOrder;

    public int PageBlocks => _blockTypes.Length;

    public ref PageFrame this[int frame] => ref _frames[frame];

    public MigrateType BlockType(int frame) => (MigrateType)_blockTypes[frame >> PageBlockOrder];

    internal void SetBlockType(int frame, MigrateType type) => _blockTypes[frame >> PageBlockOrder] = (byte)type;

    /// <summary>First frame of the folio in use that holds a frame; -1 when it is not in use.</summary>
    internal int FolioOf(int frame) => FolioIn(frame, FrameState.Allocated);

    /// <summary>First frame of the folio in a state that holds a frame; -1 when it is in none.</summary>
    internal int FolioIn(int frame, FrameState wanted)
    {
        for (int order = 0; order <= Order.Max; order++)
        {
            int head = frame & ~((1 << order) - 1);
            FrameState state = _frames[head].State;
            if (state != FrameState.Covered)
            {
                return state == wanted && head + (1 << _frames[head].Order) > frame ? head : -1;
            }
        }

        return -1;
    }

    internal int ListHead(int list) => Count + list;

    internal bool IsEmpty(int head) => _frames[head].Next == head;

    internal int First(int head) => _frames[head].Next;

    internal int Last(int head) => _frames[head].Previous;

    /// <summary>Next frame of a list, or the head when there is none.</summary>
    internal int After(int frame) => _frames[frame].Next;

    /// <summary>The first frames of a list, at most <paramref name="most"/>.</summary>
    internal List<int> FirstOf(int head, int most)
    {
        List<int> first = [];
        for (int at = First(head); at != head && first.Count < most; at = After(at))
        {
            first.Add(at);
        }

        return first;
    }

    internal void AddFirst(int head, int frame)
    {
        PageFrame[] frames = _frames;
        ref PageFrame anchor = ref frames[head];
        int next = anchor.Next;
        anchor.Next = frame;
        ref PageFrame added = ref frames[frame];
        added.Next = next;
        added.Previous = head;
        frames[next].Previous = frame;
    }

    internal void AddLast(int head, int frame)
    {
        PageFrame[] frames = _frames;
        ref PageFrame anchor = ref frames[head];
        int previous = anchor.Previous;
        anchor.Previous = frame;
        ref PageFrame added = ref frames[frame];
        added.Next = head;
        added.Previous = previous;
        frames[previous].Next = frame;
    }

    /// <summary>Removes the first frame of a list, whose previous one is known.</summary>
    internal void RemoveFirst(int head, int frame)
    {
        PageFrame[] frames = _frames;
        int next = frames[frame].Next;
        frames[head].Next = next;
        frames[next].Previous = head;
    }

    internal void Remove(int frame)
    {
        PageFrame[] frames = _frames;
        ref PageFrame removed = ref frames[frame];
        frames[removed.Previous].Next = removed.Next;
        frames[removed.Next].Previous = removed.Previous;
    }
}
