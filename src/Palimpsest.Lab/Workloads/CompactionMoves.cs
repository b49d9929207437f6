using Palimpsest.Machine.Memory;
using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>
/// Finds pages that compaction moved. Its targets are not allocated with an event: a batch of set_migration_pte names the sources
/// that are mapped; then, page by page, remove_migration_pte names the target, and the source is freed. A source without mappings
/// goes to the free page behind the target before it, if that is freed later as if it had been in use. Free pages that compaction
/// took and did not need are freed, too.
/// </summary>
// migrate_pages_batch (mm/migrate.c), compaction_alloc and release_freepages (mm/compaction.c), 6.12.
internal sealed class CompactionMoves(int tasks, MemoryLayout layout)
{
    private readonly Use[] _uses = new Use[layout.Frames];
    private readonly Batch[] _byTask = new Batch[tasks];
    private readonly Dictionary<long, Frame> _byFree = [];
    private readonly HashSet<long> _targets = [];
    private readonly HashSet<long> _returns = [];

    // Free that moved a page to where it may have gone unseen.
    private readonly Dictionary<Frame, long> _guesses = [];

    private enum Use : byte
    {
        Unknown,
        InUse,
        Free,
    }

    /// <summary>Where the page went whose free an event is; none where it is an ordinary one.</summary>
    public Frame EndingAt(long index) => _byFree.TryGetValue(index, out Frame target) ? target : Frame.None;

    /// <summary>Does a new page table entry name the target of such a move?</summary>
    public bool IsTarget(long index) => _targets.Contains(index);

    /// <summary>Is an event the free of a page that was free before, and only taken for compaction?</summary>
    public bool IsReturn(long index) => _returns.Contains(index);

    /// <summary>Looks at the next event.</summary>
    /// <param name="frame">The board's frame of its page, or -1.</param>
    public void Look(in TraceEvent at, Frame frame, long index)
    {
        ref Batch batch = ref _byTask[at.Task];
        switch (at.Kind)
        {
            case TraceEventKind.CompactionMigration:
                batch = new Batch(IsOpen: true, HasTarget: false, Frame.None, Event: 0);
                break;
            case TraceEventKind.Allocate when !frame.IsNone && at.Order <= Order.Max:
                // A range's targets are allocated, compaction's are not.
                batch = default;
                Mark(frame, at.Order, Use.InUse);
                _guesses.Remove(frame);
                break;
            case TraceEventKind.Refill when !frame.IsNone:
                _guesses.Remove(frame);
                break;
            case TraceEventKind.MigrationTarget when batch.IsOpen && !frame.IsNone && at.Order == 0 && _uses[frame.Index] != Use.InUse:
                batch = batch with { HasTarget = true, Target = frame, Event = index };
                break;
            case TraceEventKind.Free when !frame.IsNone && at.Order <= Order.Max:
                Free(at, frame, index, ref batch);
                Mark(frame, at.Order, Use.Free);
                break;
        }
    }

    private void Free(in TraceEvent at, Frame frame, long index, ref Batch batch)
    {
        if (_guesses.Remove(frame, out long moved))
        {
            _byFree[moved] = frame;
        }

        if (!batch.IsOpen)
        {
            return;
        }

        if (batch.HasTarget && at.Order == 0)
        {
            _byFree[index] = batch.Target;
            _targets.Add(batch.Event);
            Mark(batch.Target, 0, Use.InUse);
            batch = batch with { HasTarget = false };
        }
        else if (_uses[frame.Index] == Use.Free)
        {
            _returns.Add(index);
        }
        else if (at.Order == 0 && !batch.Target.IsNone && (batch.Target + 1).Index < _uses.Length
            && _uses[batch.Target.Index + 1] != Use.InUse)
        {
            batch = batch with { Target = batch.Target + 1 };
            _guesses[batch.Target] = index;
        }
    }

    private void Mark(Frame frame, int order, Use use) =>
        _uses.AsSpan(frame.Index, Math.Min(1 << order, _uses.Length - frame.Index)).Fill(use);

    /// <summary>What a task's compaction is about.</summary>
    /// <param name="HasTarget">A target was named, its source is freed next.</param>
    /// <param name="Event">That named it.</param>
    private readonly record struct Batch(bool IsOpen, bool HasTarget, Frame Target, long Event);
}
