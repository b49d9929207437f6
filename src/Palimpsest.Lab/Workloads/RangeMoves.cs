using Palimpsest.Traces;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Workloads;

/// <summary>A page that the recorded kernel moved: a target allocated, page table entries turned over, the source freed.</summary>
/// <param name="Target">Recorded frame that it went to.</param>
/// <param name="AllocatedAt">Index of the event that allocated the target.</param>
internal readonly record struct RecordedMove(Frame Target, long AllocatedAt);

/// <summary>
/// Finds mapped pages that migrate_pages moved (mm/migrate.c, 6.1: unmap_and_move, one page after the other): one task
/// allocates the target, set_migration_pte names the source, remove_migration_pte the target, and the source is freed.
/// Compaction allocates its targets without an event and does not look so.
/// </summary>
internal sealed class RangeMoves(int tasks)
{
    private readonly Dictionary<long, RecordedMove> _byFree = [];
    private readonly Pending[] _byTask = new Pending[tasks];

    /// <summary>The move that ends with a free; null when the free is an ordinary one.</summary>
    public RecordedMove? EndingAt(long index) => _byFree.TryGetValue(index, out RecordedMove move) ? move : null;

    /// <summary>Looks at the next event.</summary>
    /// <param name="frame">The board's frame of its page; none where the board has no memory.</param>
    public void Look(in TraceEvent at, Frame frame, long index)
    {
        ref Pending pending = ref _byTask[at.Task];
        switch (at.Kind)
        {
            case TraceEventKind.Allocate:
                pending = at.Order == 0 ? new Pending(new RecordedMove(frame, index), Source: Frame.None, Stage.Allocated) : default;
                break;
            case TraceEventKind.MigrationSource when pending.Stage == Stage.Allocated:
                pending = pending with { Source = frame, Stage = Stage.Unmapped };
                break;
            case TraceEventKind.MigrationTarget when pending.Stage == Stage.Unmapped && frame == pending.Move.Target:
                pending = pending with { Stage = Stage.Mapped };
                break;
            case TraceEventKind.Free when pending.Stage == Stage.Mapped && frame == pending.Source && at.Order == 0:
                _byFree[index] = pending.Move;
                pending = default;
                break;
        }
    }

    private enum Stage : byte
    {
        None,
        Allocated,
        Unmapped,
        Mapped,
    }

    private readonly record struct Pending(RecordedMove Move, Frame Source, Stage Stage);
}
