using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>How a tag source fares against the pages that were seen mapped tagged. A life lasts from an allocation to the free.</summary>
/// <param name="Mapped">Lives of pages in which they were mapped tagged.</param>
/// <param name="Marked">Lives that the source calls tagged.</param>
/// <param name="Both">Lives that are both.</param>
public sealed record TagCoverage(long Mapped, long Marked, long Both)
{
    /// <summary>Share of the tagged lives that the source marks.</summary>
    public double Found => Mapped == 0 ? 1 : (double)Both / Mapped;
}

/// <summary>Follows each page from its allocation to its free, to tell which allocations are mapped tagged later.</summary>
internal sealed class TaggedLives
{
    private const byte Live = 1;
    private const byte Marked = 2;
    private const byte Mapped = 4;

    private readonly MemoryLayout _layout;
    private readonly byte[] _states;
    // 1 + the event that allocated the page.
    private readonly int[] _allocatedAt;
    private long _mapped;
    private long _marked;
    private long _both;

    private TaggedLives(MemoryLayout layout)
    {
        _layout = layout;
        _states = new byte[layout.Frames];
        _allocatedAt = new int[layout.Frames];
    }

    /// <summary>Events that allocate pages of which some are mapped tagged before they are freed.</summary>
    public HashSet<long> Allocations { get; } = [];

    public TagCoverage Coverage => new(_mapped, _marked, _both);

    /// <param name="mappings">When pages were seen tagged, in the order of time.</param>
    /// <param name="isMarked">Does the source call this allocation, by number, tagged?</param>
    public static TaggedLives Find(Trace trace, MemoryLayout layout,
        IReadOnlyList<TaggedMapping> mappings, Func<TraceEvent, long, bool> isMarked)
    {
        var lives = new TaggedLives(layout);
        long index = 0;
        int next = 0;
        foreach (ref readonly TraceEvent at in trace.Events)
        {
            for (; next < mappings.Count && mappings[next].BeforeEvent <= index; next++)
            {
                lives.Map(mappings[next]);
            }

            lives.Look(at, index++, isMarked);
        }

        for (; next < mappings.Count; next++)
        {
            lives.Map(mappings[next]);
        }

        lives.End(new Frame(0), layout.Frames);
        return lives;
    }

    private void Look(in TraceEvent at, long index, Func<TraceEvent, long, bool> isMarked)
    {
        Frame frame = at.Kind is TraceEventKind.Allocate or TraceEventKind.Free && at.Order <= Order.Max
            ? new Frame(_layout.FrameOf(at.Pfn))
            : Frame.None;
        int count = 1 << Math.Min((int)at.Order, Order.Max);
        if (frame.IsNone || frame.Index + count > _states.Length)
        {
            return;
        }

        End(frame, count);
        if (at.Kind == TraceEventKind.Allocate)
        {
            _states.AsSpan(frame.Index, count).Fill((byte)(Live | (isMarked(at, index) ? Marked : 0)));
            _allocatedAt.AsSpan(frame.Index, count).Fill((int)Math.Min(index + 1, int.MaxValue));
        }
    }

    private void Map(in TaggedMapping mapping)
    {
        Frame frame = new(_layout.FrameOf(mapping.Pfn));
        for (Frame at = frame; !frame.IsNone && at < frame + mapping.Pages && at.Index < _states.Length; at++)
        {
            if ((_states[at.Index] & Live) != 0)
            {
                _states[at.Index] |= Mapped;
                Allocations.Add(_allocatedAt[at.Index] - 1);
            }
        }
    }

    private void End(Frame frame, int count)
    {
        foreach (ref byte state in _states.AsSpan(frame.Index, count))
        {
            _mapped += (state & Mapped) != 0 ? 1 : 0;
            _marked += (state & Marked) != 0 ? 1 : 0;
            _both += (state & (Mapped | Marked)) == (Mapped | Marked) ? 1 : 0;
            state = 0;
        }
    }
}
