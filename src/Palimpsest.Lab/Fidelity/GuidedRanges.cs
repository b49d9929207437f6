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
        if (!_first.IsNone || FindEnd(index) is not { } range)
        {
            return;
        }

        (_first, _count) = range;
        _movedByModel = FramesInUse();
        _movedByKernel = 0;
        system.Guided.Isolate(_first, _count);
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
        if (_surplus <= 0)
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
            (_first, _count) = (first, count);
            system.Guided.Isolate(first, count);
            _movedByModel = _movedByKernel = 0;
        }

        (Frame chunk, int order) = system.Guided.ChunkOf(first + count - 1);
        int outer = chunk.IsNone ? count : chunk + (1 << order) - first;
        Ranges.Count(system.Guided.TakeRange(first, outer));
        Moves.Count(_movedByModel == _movedByKernel);
        _surplus = outer - count;
        _count = outer;
        if (_surplus == 0)
        {
            End();
        }
    }

    private void End()
    {
        system.Guided.EndIsolation(_first, _count);
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
