using Palimpsest.Kernel;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>A pageblock whose migratetype at the start is known.</summary>
/// <param name="Frame">First frame of the block.</param>
public readonly record struct PageBlockType(Frame Frame, MigrateType Type);

/// <summary>
/// Reads the types that pageblocks had at the start off a recording: the first refill or drain in a block names its
/// list, and so does a page that is freed and allocated again, since a free puts it on the list of its block's type.
/// </summary>
internal sealed class PageBlockEvidence
{
    private readonly Trace _trace;
    private readonly int _blockOrder;
    private readonly bool[] _isKnown;
    private readonly Frame[] _lastFreed;
    private readonly List<PageBlockType> _types = [];

    public PageBlockEvidence(Trace trace, MemoryLayout layout)
    {
        _trace = trace;
        _blockOrder = layout.Geometry.PageBlockOrder;
        _isKnown = new bool[(layout.Frames >> _blockOrder) + 1];
        _lastFreed = new Frame[_isKnown.Length];
        Array.Fill(_lastFreed, Frame.None);
    }

    /// <summary>Blocks that were not Movable, which is what memory is initialised to; in the order of the evidence.</summary>
    public IReadOnlyList<PageBlockType> Types => _types;

    public static IReadOnlyList<PageBlockType> Find(Trace trace, MemoryLayout layout)
    {
        PageBlockEvidence evidence = new(trace, layout);
        foreach (ref readonly TraceEvent at in trace.Events)
        {
            evidence.Look(at, new Frame(layout.FrameOf(at.Pfn)));
        }

        return evidence.Types;
    }

    /// <summary>Looks at the next event.</summary>
    /// <param name="frame">The board's frame of its page; none where the board has no memory.</param>
    public void Look(in TraceEvent at, Frame frame)
    {
        int block = frame.Index >> _blockOrder;
        if (frame.IsNone || _isKnown[block] || TypeOf(at, frame, ref _lastFreed[block]) is not { } type)
        {
            return;
        }

        _isKnown[block] = true;
        // A chunk of order 10 that is stolen is two blocks, of the type it is stolen from.
        _isKnown[block | 1] |= at.Kind == TraceEventKind.ExternalFragmentation;
        if (type is MigrateType.Unmovable or MigrateType.Reclaimable)
        {
            _types.Add(new PageBlockType(new Frame(block << _blockOrder), type));
        }
    }

    private MigrateType? TypeOf(in TraceEvent at, Frame frame, ref Frame lastFreed)
    {
        switch (at.Kind)
        {
            case TraceEventKind.ExternalFragmentation:
                return (MigrateType)Math.Min(at.Value, (int)MigrateType.Isolate);
            case TraceEventKind.Refill or TraceEventKind.Drain:
                return (MigrateType)Math.Min((int)at.MigrateType, (int)MigrateType.Isolate);
            case TraceEventKind.Free:
                lastFreed = frame;
                return null;
            case TraceEventKind.Allocate when lastFreed == frame:
                return new AllocationRequest(_trace.GfpSets[at.Gfp], new Order(at.Order), CpuId.Boot, IsTagged: false, Owner: 0).Type;
            default:
                return null;
        }
    }
}
