using System.Numerics;
using Palimpsest.Kernel;
using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>Pages that must have been allocated without an event, and where in the recording that is put.</summary>
/// <param name="Count">1 for a page; more for a range that was taken and given back as a whole.</param>
internal readonly record struct HiddenAllocation(long BeforeEvent, int Name, bool IsMovable, int Count = 1);

/// <summary>
/// Second pass over a recording: what a frame's first event says about its past. First seen freed: it was in use. Freed
/// twice: something allocated it in between, put half-way, for want of better.
/// </summary>
internal sealed class RecordingScan
{
    private const int NeverSeen = 0;

    private readonly MemoryLayout _layout;
    // 0: no event yet; n: freed by event n - 1; -n: in use since event n - 1.
    private readonly int[] _last;
    private readonly RangeReturns _returns;
    private readonly RangeMoves _moves;
    private readonly StorageFrees _storage;
    private readonly CompactionMoves _compaction;
    private readonly SilentTakes _silent;
    private readonly bool[] _isRecorded;
    private readonly List<InitialPage> _initial = [];
    private readonly List<HiddenAllocation> _hidden = [];

    // Events that say that free pages from a frame on are taken out of circulation.
    private readonly List<(long Event, Frame Frame)> _isolations = [];

    // Index of the page's entry in one of the lists above, to be marked movable when a batched free names it too.
    private readonly Dictionary<int, (bool IsInitial, int Index)> _lastUnknown = [];

    public RecordingScan(RecordingEvidence evidence, MemoryLayout layout)
    {
        _layout = layout;
        _last = new int[layout.Frames];
        _returns = evidence.Returns;
        _moves = evidence.Moves;
        _storage = evidence.Storage;
        _compaction = evidence.Compaction;
        _silent = new SilentTakes(layout, evidence.TaggedRefills);
        _isRecorded = Recorded(layout);
    }

    public List<InitialPage> Initial => _initial;

    public List<HiddenAllocation> Hidden => _hidden;

    public long MigrationTargets { get; private set; }

    /// <summary>Pages that a range allocation moved out of its range: their new names, by the event that freed the old.</summary>
    public Dictionary<long, int> MovedOut { get; } = [];

    /// <summary>Events that allocated the targets of those.</summary>
    public HashSet<long> MoveTargets { get; } = [];

    /// <summary>Pages that compaction moved: their new names, by the event that freed the old.</summary>
    public Dictionary<long, int> Compacted { get; } = [];

    /// <summary>Is an event a free of the kernel's own, which the model makes by itself?</summary>
    public bool IsKernels(long index) => _storage.Has(index) || _compaction.IsReturn(index);

    /// <summary>Pages of ranges that were taken without an event and given back page by page.</summary>
    public long RangePages { get; private set; }

    /// <summary>Events that allocate or free.</summary>
    public int Requests { get; private set; }

    public bool HasSeen(int name) => _last[name] != NeverSeen;

    /// <exception cref="InputException">The board does not have a page of the recording.</exception>
    public void Run(Trace trace)
    {
        long index = 0;
        foreach (ref readonly TraceEvent at in trace.Events)
        {
            Requests += at.Kind is TraceEventKind.Allocate or TraceEventKind.Free ? 1 : 0;
            Look(at, index++);
        }

        _hidden.Sort((a, b) => a.BeforeEvent.CompareTo(b.BeforeEvent));
    }

    private void Look(in TraceEvent at, long index)
    {
        foreach (Frame frame in _silent.Look(at, new Frame(_layout.FrameOf(at.Pfn)), index))
        {
            _hidden.Add(new HiddenAllocation(index, frame.Index, at.MigrateType is (byte)MigrateType.Movable or (byte)MigrateType.Cma));
            MarkLive(frame.Index, 1 << at.Order, index);
        }

        switch (at.Kind)
        {
            case TraceEventKind.Allocate when at.Order <= _layout.Geometry.LargestOrder:
                MarkLive(Name(at, index), 1 << at.Order, index);
                break;
            case TraceEventKind.CmaAllocate when at.Value > 0:
                ConfirmMoves(new Frame(Name(at, index)), at.Value);
                MarkLive(Name(at, index), at.Value, index);
                break;
            case TraceEventKind.Free when at.Order <= _layout.Geometry.LargestOrder && !IsKernels(index):
                Free(Name(at, index), 1 << at.Order, index);
                Compact(_compaction.EndingAt(index), index);
                break;
            case TraceEventKind.Free when at.Order <= _layout.Geometry.LargestOrder:
                _last.AsSpan(Name(at, index), 1 << at.Order).Fill(checked((int)(index + 1)));
                break;
            case TraceEventKind.StorageBlock when at.Value > 0 && TagStorageEvents.SmallOf(at) == 1:
                ConfirmMoves(new Frame(_layout.FrameOf(at.Pfn)), at.Value);
                break;
            case TraceEventKind.StorageFault when TagStorageEvents.SmallOf(at) == 1:
                ConfirmMoves(new Frame(_layout.FrameOf(at.Pfn)), 1);
                break;
            case TraceEventKind.FreeBatched:
                Batched(new Frame(_layout.FrameOf(at.Pfn)));
                break;
            case TraceEventKind.RangeIsolated or TraceEventKind.FreeIsolated when _layout.FrameOf(at.Pfn) is var isolated and >= 0:
                _isolations.Add((index, new Frame(isolated)));
                break;
            case TraceEventKind.MigrationTarget when !_compaction.IsTarget(index):
                Target(new Frame(_layout.FrameOf(at.Pfn)), index);
                break;
        }
    }

    private int Name(in TraceEvent at, long index)
    {
        int name = _layout.FrameOf(at.Pfn);
        int count = at.Kind == TraceEventKind.CmaAllocate ? at.Value : 1 << at.Order;
        if (name < 0 || name + (long)count > _last.Length || !_isRecorded[name] || !_isRecorded[name + count - 1])
        {
            throw new InputException($"event {index + 1:N0} names pfn 0x{at.Pfn.Value:x}, {WhyNot(name)}");
        }

        return name;
    }

    private string WhyNot(int name)
    {
        if (name < 0 || _isRecorded[name])
        {
            return "where the board has no memory; give the tree of the recorded machine with --board, or its size with --ram";
        }

        ulong bytes = (ulong)(_layout.Board.DataBytes + _layout.Board.CarveOutBytes);
        return "in the carve-out that is assumed above RAM; if the recorded machine had it as memory, as one that lends it has, it is RAM "
            + $"here: --ram {bytes >> 10}K; else give its tree with --board";
    }

    /// <summary>Frames that the recorded kernel had: RAM, without a carve-out that is assumed.</summary>
    private static bool[] Recorded(MemoryLayout layout)
    {
        bool[] isRecorded = new bool[layout.Frames];
        foreach ((int first, int count) in layout.Board.Banks.SelectMany(bank => layout.FramesOf(bank.Range)))
        {
            isRecorded.AsSpan(first, count).Fill(true);
        }

        foreach ((int first, int count) in layout.Board.TagStorage.Where(span => span.IsAssumed)
            .SelectMany(span => layout.FramesOf(span.Storage)))
        {
            isRecorded.AsSpan(first, count).Clear();
        }

        return isRecorded;
    }

    private void MarkLive(int name, int count, long index) => _last.AsSpan(name, count).Fill(-checked((int)(index + 1)));

    private void Free(int name, int count, long index)
    {
        if (!_returns.IsEmpty && _returns.At(index) is { } range)
        {
            TakeRange(range);
        }

        for (Frame frame = new(name); frame.Index < name + count; frame++)
        {
            int last = _last[frame.Index];
            if (last == NeverSeen)
            {
                _lastUnknown[frame.Index] = (true, _initial.Count);
                _initial.Add(new InitialPage(frame.Index, IsStorage(frame)));
            }
            else if (last > 0)
            {
                _lastUnknown[frame.Index] = (false, _hidden.Count);
                _hidden.Add(new HiddenAllocation((last - 1 + index) / 2 + 1, frame.Index, IsStorage(frame)));
            }

            _last[frame.Index] = checked((int)(index + 1));
        }
    }

    /// <summary>What lay in recorded tag storage was movable, or it would not have been lent.</summary>
    private bool IsStorage(Frame frame) =>
        _layout.Storage.Any(run => frame.Index >= run.FirstFrame && frame.Index < run.FirstFrame + run.Frames) && _isRecorded[frame.Index];

    private void Compact(Frame target, long index)
    {
        if (!target.IsNone)
        {
            Compacted[index] = target.Index;
            MarkLive(target.Index, 1, index);
        }
    }

    /// <summary>A batched free comes from the LRU lists: the page was movable.</summary>
    private void Batched(Frame frame)
    {
        if (frame.IsNone || _lastUnknown.Count == 0 || !_lastUnknown.Remove(frame.Index, out (bool IsInitial, int Index) unknown))
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
    private void Target(Frame frame, long index)
    {
        if (frame.IsNone || _last[frame.Index] < 0)
        {
            return;
        }

        MigrationTargets++;
        _hidden.Add(new HiddenAllocation(index, frame.Index, IsMovable: true));
        _last[frame.Index] = -checked((int)(index + 1));
    }

    /// <summary>
    /// A range that is given back was taken after the last event that names one of its pages: when its free pages were
    /// isolated, or without an event of that, half-way between the two.
    /// </summary>
    private void TakeRange(in RangeReturn range)
    {
        int lastTouched = 0;
        int unknown = 0;
        for (Frame frame = new(range.Name); frame.Index < range.Name + range.Count; frame++)
        {
            lastTouched = Math.Max(lastTouched, Math.Abs(_last[frame.Index]));
            unknown += _last[frame.Index] < 0 ? 0 : 1;
        }

        // Where no event named any of them before, they were in use since boot, unless size and place are those that
        // alloc_contig_pages chooses. Pages that are all in use need no mending.
        if (unknown > 0 && (lastTouched > 0 || LooksContiguous(range)))
        {
            RangePages += unknown;
            ConfirmMoves(new Frame(range.Name), range.Count);
            _hidden.Add(new HiddenAllocation(TakenAt(range, lastTouched), range.Name, IsMovable: false, range.Count));
            MarkLive(range.Name, range.Count, range.FirstEvent);
        }
    }

    private long TakenAt(in RangeReturn range, int lastTouched)
    {
        for (int index = _isolations.Count - 1; index >= 0 && _isolations[index].Event >= lastTouched; index--)
        {
            if (_isolations[index].Frame.Index >= range.Name && _isolations[index].Frame.Index < range.Name + range.Count)
            {
                return _isolations[index].Event;
            }
        }

        return (lastTouched + range.FirstEvent + 1) / 2;
    }

    /// <summary>
    /// What was moved out of a range, and not used again until the range was taken, was moved for its sake: whoever
    /// replays the taking moves what lies there then.
    /// </summary>
    private void ConfirmMoves(Frame first, int count)
    {
        for (Frame frame = first; frame < first + count; frame++)
        {
            if (_last[frame.Index] > 0 && _moves.EndingAt(_last[frame.Index] - 1) is { } move)
            {
                MovedOut[_last[frame.Index] - 1] = move.Target.Index;
                MoveTargets.Add(move.AllocatedAt);
            }
        }
    }

    private bool LooksContiguous(in RangeReturn range) =>
        BitOperations.IsPow2(range.Count) && _layout.PfnOf(range.Name).Value % (ulong)range.Count == 0;
}
