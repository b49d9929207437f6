using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>
/// Frees that are nobody's but the kernel's own: the pages of a block of tag storage that is given back, those that a range
/// allocation for a block took too much, and the pageblocks that a CMA area is begun with. Whoever replays the requests lets the
/// model do its own.
/// </summary>
internal sealed class StorageFrees(MemoryLayout layout)
{
    private readonly bool[] _isOwn = new bool[layout.Frames];
    private readonly bool[] _isUntouched = layout.StorageMask();
    private readonly HashSet<long> _frees = [];
    private int _rangeTask = -1;

    public bool Has(long index) => _frees.Contains(index);

    /// <summary>Looks at the next event.</summary>
    /// <param name="frame">The board's frame of its page, or -1.</param>
    public void Look(in TraceEvent at, Frame frame, long index)
    {
        switch (at.Kind)
        {
            case TraceEventKind.ExactRangeBegin:
                _rangeTask = at.Task;
                break;
            case TraceEventKind.ExactRangeEnd:
                _rangeTask = -1;
                break;
            case TraceEventKind.FreeIsolated when !frame.IsNone && at.Task == _rangeTask:
                Mark(frame, at.Value, isOwn: true);
                break;
            case TraceEventKind.StorageBlock when !frame.IsNone:
                Mark(frame, at.Value, isOwn: TagStorageEvents.SmallOf(at) == 0);
                break;
            case TraceEventKind.Refill or TraceEventKind.Allocate when !frame.IsNone && at.Order <= Order.Max:
                Mark(frame, 1 << at.Order, isOwn: false);
                break;
            case TraceEventKind.Free when !frame.IsNone && at.Order <= Order.Max:
                bool isBeginning = _isUntouched[frame.Index] && at.Order >= layout.Geometry.PageBlockOrder;
                _ = (_isOwn[frame.Index] || isBeginning) && _frees.Add(index);
                Mark(frame, 1 << at.Order, isOwn: false);
                break;
        }
    }

    private void Mark(Frame frame, int count, bool isOwn)
    {
        count = Math.Min(count, _isOwn.Length - frame.Index);
        _isOwn.AsSpan(frame.Index, count).Fill(isOwn);
        _isUntouched.AsSpan(frame.Index, count).Clear();
    }
}
