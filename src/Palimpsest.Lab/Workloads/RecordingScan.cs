using Palimpsest.Kernel;
using Palimpsest.Lab.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>A page that must have been allocated without an event, and where in the recording that is put.</summary>
internal readonly record struct HiddenAllocation(long BeforeEvent, int Name, bool IsMovable);

/// <summary>
/// First pass over a recording: what a frame's first event says about its past. First seen freed: it was in use. Freed
/// twice: something allocated it in between, put half-way, for want of better.
/// </summary>
internal sealed class RecordingScan
{
    private const int NeverSeen = 0;
    private const int Live = -1;

    private readonly MemoryLayout _layout;
    private readonly int[] _lastFree;
    private readonly List<InitialPage> _initial = [];
    private readonly List<HiddenAllocation> _hidden = [];

    // Index of the page's entry in one of the lists above, to be marked movable when a batched free names it too.
    private readonly Dictionary<int, (bool IsInitial, int Index)> _lastUnknown = [];

    public RecordingScan(MemoryLayout layout)
    {
        _layout = layout;
        _lastFree = new int[layout.Frames];
    }

    public List<InitialPage> Initial => _initial;

    public List<HiddenAllocation> Hidden => _hidden;

    public long MigrationTargets { get; private set; }

    /// <summary>Events that allocate or free.</summary>
    public int Requests { get; private set; }

    public bool HasSeen(int name) => _lastFree[name] != NeverSeen;

    /// <exception cref="InputException">The board does not have a page of the recording.</exception>
    public void Run(Trace trace)
    {
        long index = 0;
        for (int chunk = 0; chunk < trace.Events.ChunkCount; chunk++)
        {
            foreach (ref readonly TraceEvent at in trace.Events.Chunk(chunk))
            {
                Requests += at.Kind is TraceEventKind.Allocate or TraceEventKind.Free ? 1 : 0;
                Look(at, index++);
            }
        }

        _hidden.Sort((a, b) => a.BeforeEvent.CompareTo(b.BeforeEvent));
    }

    private void Look(in TraceEvent at, long index)
    {
        switch (at.Kind)
        {
            case TraceEventKind.Allocate when at.Order <= Order.Max:
                MarkLive(Name(at, index), 1 << at.Order);
                break;
            case TraceEventKind.CmaAllocate when at.Value > 0:
                MarkLive(Name(at, index), at.Value);
                break;
            case TraceEventKind.Free when at.Order <= Order.Max:
                Free(Name(at, index), 1 << at.Order, index);
                break;
            case TraceEventKind.FreeBatched:
                Batched(_layout.FrameOf(at.Pfn));
                break;
            case TraceEventKind.MigrationTarget:
                Target(_layout.FrameOf(at.Pfn), index);
                break;
        }
    }

    private int Name(in TraceEvent at, long index)
    {
        int name = _layout.FrameOf(at.Pfn);
        int count = at.Kind == TraceEventKind.CmaAllocate ? at.Value : 1 << at.Order;
        if (name < 0 || name + (long)count > _lastFree.Length)
        {
            throw new InputException(
                $"event {index + 1:N0} names pfn 0x{at.Pfn.Value:x}, where the board has no memory; give the tree of the recorded machine with --board, or its size with --ram");
        }

        return name;
    }

    private void MarkLive(int name, int count) => _lastFree.AsSpan(name, count).Fill(Live);

    private void Free(int name, int count, long index)
    {
        for (int frame = name; frame < name + count; frame++)
        {
            int last = _lastFree[frame];
            if (last == NeverSeen)
            {
                _lastUnknown[frame] = (true, _initial.Count);
                _initial.Add(new InitialPage(frame, IsMovable: false));
            }
            else if (last != Live)
            {
                _lastUnknown[frame] = (false, _hidden.Count);
                _hidden.Add(new HiddenAllocation((last - 1 + index) / 2 + 1, frame, IsMovable: false));
            }

            _lastFree[frame] = checked((int)(index + 1));
        }
    }

    /// <summary>A batched free comes from the LRU lists: the page was movable.</summary>
    private void Batched(int frame)
    {
        if (frame < 0 || !_lastUnknown.Remove(frame, out (bool IsInitial, int Index) unknown))
        {
            return;
        }

        if (unknown.IsInitial)
        {
            _initial[unknown.Index] = _initial[unknown.Index] with { IsMovable = true };
        }
        else
        {
            _hidden[unknown.Index] = _hidden[unknown.Index] with { IsMovable = true };
        }
    }

    /// <summary>Compaction's targets have no allocation event: the new page table entry is the first sign of them.</summary>
    private void Target(int frame, long index)
    {
        if (frame < 0 || _lastFree[frame] == Live)
        {
            return;
        }

        MigrationTargets++;
        _hidden.Add(new HiddenAllocation(index, frame, IsMovable: true));
        _lastFree[frame] = Live;
    }
}
