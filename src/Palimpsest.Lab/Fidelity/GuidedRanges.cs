using Palimpsest.Kernel;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// Follows range allocations: the pageblocks of a range are isolated before its first batch is migrated, and taken when
/// the range has been found free.
/// </summary>
// The range is named only at its end, so the beginning looks ahead.
internal sealed class GuidedRanges(Trace trace, MemorySystem system)
{
    private Frame _first = Frame.None;
    private MigrateType _type;
    private bool _isExact;
    private int _task = -1;
    private int _count;
    private int _surplus;
    private int _movedByModel;
    private int _movedByKernel;
    private long _lookedUpTo;

    /// <summary>Ranges whose frames were all free in the model when the kernel found them so.</summary>
    public DecisionTally Ranges { get; } = new();

    /// <summary>Ranges out of which the model would have moved as many pages as the kernel did.</summary>
    public DecisionTally Moves { get; } = new();

    public bool Contains(Frame frame) => !_first.IsNone && frame >= _first && frame < _first + _count;

    /// <summary>A batch of pages is about to be moved; the first batch of a range isolates it.</summary>
    public void Begin(long index)
    {
        _task = trace.Events[index].Task;
        if (!_first.IsNone || FindEnd(index) is not { } range)
        {
            return;
        }

        Begin(range.First, range.Count);
    }

    /// <summary>A range is isolated, and emptied next.</summary>
    /// <param name="isExact">It is what was asked for, not what is tested: that begins with a free chunk.</param>
    public void Begin(Frame first, int count, bool isExact = false)
    {
        _isExact = isExact;
        (_first, _count, _surplus, _movedByKernel) = (first, count, 0, 0);
        _type = system.Frames.BlockType(first) is MigrateType.Isolate ? _type : system.Frames.BlockType(first);
        _movedByModel = FramesInUse();
        system.Guided.Isolate(_first, _count);
    }

    /// <summary>Pages are still on their way out of a range, or it was taken with too many.</summary>
    public bool IsUnderWay => !_first.IsNone;

    /// <summary>Are free pages that a task isolates those of its range, which was emptied last? Else they are compaction's.</summary>
    public bool Isolates(int task)
    {
        bool isRange = task == _task;
        _task = isRange ? -1 : _task;
        return isRange || IsUnderWay;
    }

    /// <summary>A page of the range is freed: it was moved out, or is surplus. Both go straight to the isolated lists.</summary>
    public void Freed(int frames)
    {
        if (_surplus == 0)
        {
            _movedByKernel += frames;
            return;
        }

        _surplus -= frames;
        if (_surplus <= 0 && !_isExact)
        {
            End();
        }
    }

    /// <summary>
    /// The pages asked for are free: the model takes them, with what is left of the last chunk; that surplus is freed
    /// next, and then the pageblocks are as before.
    /// </summary>
    public void Finish(Frame first, int count)
    {
        if (_first.IsNone)
        {
            Begin(first, count);
            _movedByModel = 0;
        }
        else if (_isExact)
        {
            (first, count) = (_first, _count);
        }

        (Frame chunk, int order) = system.Guided.ChunkOf(first + count - 1);
        Frame end = chunk.IsNone ? first + count : chunk + (1 << order);
        Frame start = system.Guided.ChunkOf(first).Frame is { IsNone: false } head ? head : first;
        Ranges.Count(system.Guided.TakeRange(start, end - start));
        Moves.Count(_movedByModel == _movedByKernel);
        (_first, _count) = (start, end - start);
        _surplus = _count - count;
        if (_surplus == 0 && !_isExact)
        {
            End();
        }
    }

    /// <summary>The isolation ends, whether the range was had or not.</summary>
    public void End()
    {
        system.Guided.EndIsolation(_first, _count, _type);
        _first = Frame.None;
        _surplus = 0;
    }

    private (Frame First, int Count)? FindEnd(long index)
    {
        // Many batches may wait for one end, or for none: what was looked at is not looked at again.
        for (_lookedUpTo = Math.Max(_lookedUpTo, index + 1); _lookedUpTo < trace.Events.Count; _lookedUpTo++)
        {
            ref readonly TraceEvent item = ref trace.Events[_lookedUpTo];
            if (item.Kind == TraceEventKind.RangeIsolated)
            {
                Frame first = new(system.Layout.FrameOf(item.Pfn));
                return first.IsNone ? null : (first, item.Value);
            }
        }

        return null;
    }

    private int FramesInUse()
    {
        int frames = 0;
        for (Frame frame = _first; frame < _first + _count; frame++)
        {
            frames += !system.FolioOf(frame).IsNone ? 1 : 0;
        }

        return frames;
    }
}
