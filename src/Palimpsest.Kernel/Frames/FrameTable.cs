using System.Runtime.CompilerServices;
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
    internal FrameTable(int frames, int lists, int pageBlockOrder, int largestOrder)
    {
        LargestOrder = largestOrder;
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

    /// <summary>pageblock_order: 2 to this power frames share a migratetype.</summary>
    public int PageBlockOrder { get; }

    /// <summary>Order of the largest chunk on a buddy list (MAX_PAGE_ORDER).</summary>
    public int LargestOrder { get; }

    /// <summary>pageblock_nr_pages.</summary>
    public int PageBlockFrames => 1 << PageBlockOrder;

    /// <summary>Pageblocks of all runs, padding included.</summary>
    public int PageBlocks => _blockTypes.Length;

    /// <summary>Metadata of a frame, to read and to write.</summary>
    public ref PageFrame this[Frame frame] => ref _frames[frame.Index];

    /// <summary>Migratetype of the pageblock that a frame lies in.</summary>
    public MigrateType BlockType(Frame frame) => (MigrateType)_blockTypes[frame.Index >> PageBlockOrder];

    internal void SetBlockType(Frame frame, MigrateType type) => _blockTypes[frame.Index >> PageBlockOrder] = (byte)type;

    /// <summary>First frame of the folio in use that holds a frame; none when it is not in use.</summary>
    internal Frame FolioOf(Frame frame) => FolioIn(frame, FrameState.Allocated);

    /// <summary>First frame of the folio in a state that holds a frame; none when it is in none.</summary>
    internal Frame FolioIn(Frame frame, FrameState wanted)
    {
        for (int order = 0; order <= LargestOrder; order++)
        {
            Frame head = frame.HeadAt(order);
            FrameState state = _frames[head.Index].State;
            if (state != FrameState.Covered)
            {
                return state == wanted && head + (1 << _frames[head.Index].Order) > frame ? head : Frame.None;
            }
        }

        return Frame.None;
    }

    /// <summary>Makes 2^order folios of one frame out of a folio in use, so that they can be freed one by one.</summary>
    public void Split(Frame frame, int owner)
    {
        int order = this[frame].Order;
        FrameFlags flags = this[frame].Flags & FrameFlags.WhileAllocated;
        for (int at = 0; at < 1 << order; at++)
        {
            ref PageFrame part = ref this[frame + at];
            part.Become(FrameState.Allocated, 0);
            part.Clear(FrameFlags.WhileAllocated);
            part.Set(flags);
            part.Owner = owner + at;
        }
    }

    /// <summary>Makes one folio of 2^order untagged single pages in use, side by side and aligned; flags are the first one's.</summary>
    public void Join(Frame frame, Order order)
    {
        for (Frame part = frame + 1; part < frame + order.Frames; part++)
        {
            this[part].Become(FrameState.Covered, 0);
            this[part].Clear(FrameFlags.WhileAllocated);
        }

        this[frame].Become(FrameState.Allocated, order.Value);
    }

    internal Frame ListHead(int list) => new(Count + list);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsEmpty(Frame head) => _frames[head.Index].Next == head.Index;

    internal Frame First(Frame head) => new(_frames[head.Index].Next);

    internal Frame Last(Frame head) => new(_frames[head.Index].Previous);

    /// <summary>Next frame of a list, or the head when there is none.</summary>
    internal Frame After(Frame frame) => new(_frames[frame.Index].Next);

    /// <summary>The frame before one on its list, or the head when there is none.</summary>
    internal Frame Before(Frame frame) => new(_frames[frame.Index].Previous);

    /// <summary>The first frames of a list, at most <paramref name="most"/>.</summary>
    internal List<Frame> FirstOf(Frame head, int most)
    {
        List<Frame> first = [];
        for (Frame at = First(head); at != head && first.Count < most; at = After(at))
        {
            first.Add(at);
        }

        return first;
    }

    internal void AddFirst(Frame head, Frame frame)
    {
        PageFrame[] frames = _frames;
        ref PageFrame anchor = ref frames[head.Index];
        int next = anchor.Next;
        anchor.Next = frame.Index;
        ref PageFrame added = ref frames[frame.Index];
        added.Next = next;
        added.Previous = head.Index;
        frames[next].Previous = frame.Index;
    }

    internal void AddLast(Frame head, Frame frame)
    {
        PageFrame[] frames = _frames;
        ref PageFrame anchor = ref frames[head.Index];
        int previous = anchor.Previous;
        anchor.Previous = frame.Index;
        ref PageFrame added = ref frames[frame.Index];
        added.Next = head.Index;
        added.Previous = previous;
        frames[previous].Next = frame.Index;
    }

    /// <summary>Removes the first frame of a list, whose previous one is known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void RemoveFirst(Frame head, Frame frame)
    {
        PageFrame[] frames = _frames;
        int next = frames[frame.Index].Next;
        frames[head.Index].Next = next;
        frames[next].Previous = head.Index;
    }

    internal void Remove(Frame frame)
    {
        PageFrame[] frames = _frames;
        ref PageFrame removed = ref frames[frame.Index];
        frames[removed.Previous].Next = removed.Next;
        frames[removed.Next].Previous = removed.Previous;
    }
}
