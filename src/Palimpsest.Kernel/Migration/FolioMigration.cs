using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Migration;

/// <summary>Told when a folio moves, so that whoever named it can follow.</summary>
public interface IOwnerMap
{
    /// <param name="owner">The cookie of the allocation.</param>
    /// <param name="frame">First frame of its new place.</param>
    void Moved(int owner, int frame, Order order);
}

/// <summary>Why a folio could not be moved.</summary>
public enum MigrationOutcome : byte
{
    Done,
    Pinned,
    Unmovable,
    NoTarget,
}

/// <summary>Finds the place that a migrated folio goes to.</summary>
internal interface IMigrationTarget
{
    /// <summary>A folio of the same order; tagged, with storage, if the source is. -1 when there is none.</summary>
    int Allocate(Order order, bool isTagged, int cpu);

    /// <summary>The source, whose contents are elsewhere now.</summary>
    void FreeSource(int frame, int cpu);
}

/// <summary>Moves one folio: allocate, copy, hand over, free (migrate_pages, mm/migrate.c, 6.1).</summary>
internal sealed class FolioMigration(FrameTable frames, IMigrationTarget target, IOwnerMap owners, KernelCounters counters)
{
    /// <summary>GFP_USER | __GFP_MOVABLE | __GFP_RETRY_MAYFAIL with HIGHMEM, as alloc_migration_target asks for user pages.</summary>
    public const GfpFlags TargetGfp = GfpFlags.User | GfpFlags.Movable | GfpFlags.HighMem | GfpFlags.RetryMayFail;

    public MigrationOutcome Move(int source, int cpu) => Move(source, frames[source].Has(FrameFlags.Tagged), cpu);

    /// <param name="asTagged">The destination is tagged, whether the source is or not.</param>
    public MigrationOutcome Move(int source, bool asTagged, int cpu)
    {
        ref PageFrame from = ref frames[source];
        if (!from.Has(FrameFlags.Movable))
        {
            counters.UnmovableMigrationFailures++;
            return MigrationOutcome.Unmovable;
        }

        if (from.Has(FrameFlags.Pinned))
        {
            counters.PinnedMigrationFailures++;
            return MigrationOutcome.Pinned;
        }

        Order order = new(from.Order);
        // Isolated from the LRU and locked: the storage of a tagged destination may be this very folio, and taking that
        // storage would move it a second time.
        from.Set(FrameFlags.Pinned);
        int destination = target.Allocate(order, asTagged, cpu);
        from.Clear(FrameFlags.Pinned);
        if (destination < 0)
        {
            counters.NoTargetMigrationFailures++;
            return MigrationOutcome.NoTarget;
        }

        frames[destination].Owner = from.Owner;
        counters.MigratedFolios++;
        counters.MigratedFrames += order.Frames;
        owners.Moved(from.Owner, destination, order);
        target.FreeSource(source, cpu);
        return MigrationOutcome.Done;
    }
}
