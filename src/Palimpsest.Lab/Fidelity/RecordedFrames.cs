using Palimpsest.Kernel;
using Palimpsest.Lab.Workloads;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>
/// The events of each frame in order, to look ahead: a page on a per-CPU list that is freed next, without an allocation,
/// was allocated silently.
/// </summary>
internal sealed class RecordedFrames
{
    private readonly Trace _trace;
    private readonly int[] _start;
    private readonly int[] _events;
    private readonly int[] _cursor;
    private readonly bool[] _isBatched;
    private readonly int[] _firstEvent;
    private readonly bool _namesSteals;
    private readonly TaggedRefills _forTags;

    /// <param name="namesSteals">A page that is stolen is named by its mm_page_alloc_extfrag, and by no refill (6.12).</param>
    public RecordedFrames(Trace trace, MemoryLayout layout, bool namesSteals)
    {
        _trace = trace;
        _namesSteals = namesSteals;
        _start = new int[layout.Frames + 1];
        _firstEvent = new int[layout.Frames];
        Array.Fill(_firstEvent, -1);
        int count = checked((int)trace.Events.Count);
        _isBatched = new bool[count];
        CountEvents(layout, count);
        _events = new int[_start[^1]];
        _cursor = _start[..^1];
        FillEvents(layout, count);
        FindBatched(layout, count);
        _forTags = TaggedRefills.Find(trace, layout);
    }

    /// <summary>Kind of the first event that touches a frame, or null when none does.</summary>
    public TraceEventKind? First(Frame frame) => _firstEvent[frame.Index] < 0 ? null : _trace.Events[_firstEvent[frame.Index]].Kind;

    /// <summary>Index of the first event that touches a frame, or -1.</summary>
    public int FirstIndex(Frame frame) => _firstEvent[frame.Index];

    /// <summary>Will this free be committed by a batched event of its own?</summary>
    public bool IsBatched(long index) => _isBatched[index];

    /// <summary>
    /// Was a page taken from the buddy lists for a request whose storage is reserved next? RFC v3 keeps those off the per-CPU lists.
    /// </summary>
    public bool IsForTags(long index) => _forTags.Has(index);

    /// <summary>
    /// Kind of the next event after <paramref name="index"/> that names a frame as its first, or null. Indexes never fall.
    /// </summary>
    public TraceEventKind? Next(Frame frame, long index) => NextIndex(frame, index) is { } next ? _trace.Events[next].Kind : null;

    /// <summary>Index of that event.</summary>
    public int? NextIndex(Frame frame, long index)
    {
        int at = _cursor[frame.Index];
        while (at < _start[frame.Index + 1] && _events[at] <= index)
        {
            at++;
        }

        _cursor[frame.Index] = at;
        return at < _start[frame.Index + 1] ? _events[at] : null;
    }

    /// <summary>Does an event strictly between the two indexes name a frame as its first?</summary>
    public bool IsNamedBetween(Frame frame, long after, long before)
    {
        ReadOnlySpan<int> events = _events.AsSpan(_start[frame.Index].._start[frame.Index + 1]);
        int next = events.BinarySearch((int)after + 1);
        next = next < 0 ? ~next : next;
        return next < events.Length && events[next] < before;
    }

    public static bool MovesAPage(TraceEventKind kind) =>
        kind is TraceEventKind.Allocate or TraceEventKind.Free or TraceEventKind.Refill or TraceEventKind.Drain;

    private bool Takes(TraceEventKind kind) => MovesAPage(kind) || (_namesSteals && kind == TraceEventKind.ExternalFragmentation);

    private void CountEvents(MemoryLayout layout, int count)
    {
        for (int index = 0; index < count; index++)
        {
            ref readonly TraceEvent at = ref _trace.Events[index];
            Frame frame = new(layout.FrameOf(at.Pfn));
            if (!frame.IsNone && (at.Kind == TraceEventKind.FreeIsolated || IsTakenFree(at)))
            {
                Name(frame, at.Value, index);
            }
            else if (!frame.IsNone && Takes(at.Kind) && at.Order <= layout.Geometry.LargestOrder)
            {
                _start[frame.Index + 1]++;
                Name(frame, 1 << at.Order, index);
            }
        }

        for (Frame frame = new(0); frame.Index < layout.Frames; frame++)
        {
            _start[frame.Index + 1] += _start[frame.Index];
        }
    }

    private void Name(Frame frame, int count, int index)
    {
        Frame end = new((int)Math.Min((long)frame.Index + count, _firstEvent.Length));
        for (Frame part = frame; part < end; part++)
        {
            _firstEvent[part.Index] = _firstEvent[part.Index] < 0 ? index : _firstEvent[part.Index];
        }
    }

    private void FillEvents(MemoryLayout layout, int count)
    {
        int[] next = _start[..^1];
        for (int index = 0; index < count; index++)
        {
            ref readonly TraceEvent at = ref _trace.Events[index];
            Frame frame = new(layout.FrameOf(at.Pfn));
            if (!frame.IsNone && Takes(at.Kind) && at.Order <= layout.Geometry.LargestOrder)
            {
                _events[next[frame.Index]++] = index;
            }
        }
    }

    /// <summary>A block of tag storage that came straight off the buddy lists was free.</summary>
    private static bool IsTakenFree(in TraceEvent at) =>
        at.Kind == TraceEventKind.StorageBlock && TagStorageEvents.SmallOf(at) == 1 && at.MigrateType == TagStorageEvents.StraightOff;

    private void FindBatched(MemoryLayout layout, int count)
    {
        bool[] isPending = new bool[layout.Frames];
        for (int index = count - 1; index >= 0; index--)
        {
            ref readonly TraceEvent at = ref _trace.Events[index];
            Frame frame = new(layout.FrameOf(at.Pfn));
            if (frame.IsNone)
            {
                continue;
            }

            if (at.Kind == TraceEventKind.FreeBatched)
            {
                isPending[frame.Index] = true;
            }
            else if (MovesAPage(at.Kind))
            {
                _isBatched[index] = at.Kind == TraceEventKind.Free && isPending[frame.Index];
                isPending[frame.Index] = false;
            }
        }
    }
}
