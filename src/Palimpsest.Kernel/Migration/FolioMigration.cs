using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Events;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Steps;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Migration;

/// <summary>Told when a folio moves, so that whoever named it can follow.</summary>
public interface IOwnerMap
{
    /// <param name="owner">The cookie of the allocation.</param>
    /// <param name="frame">First frame of its new place.</param>
    void Moved(int owner, Frame frame, Order order);

    /// <summary>
    /// Clean page cache is dropped rather than moved, and its owner has it no more (reclaim_clean_pages_from_list, mm/vmscan.c, 6.1).
    /// </summary>
    bool TryDrop(int owner) => false;

    /// <summary>The same of what was put where it may be lost at any time.</summary>
    bool TryLose(int owner) => TryDrop(owner);
}

/// <summary>Why a folio could not be moved.</summary>
internal enum MigrationOutcome : byte
{
    Done,
    Pinned,
    Unmovable,
    NoTarget,
}

/// <summary>Finds the place that a migrated folio goes to.</summary>
internal interface IMigrationTarget
{
    /// <summary>A folio of the same order; tagged, with storage, if the source is. None when there is none.</summary>
    /// <param name="from">Zone of the source, whose node is asked first.</param>
    ValueTask<Frame> Allocate(Zone from, Order order, bool isTagged, CpuId cpu);

    /// <summary>The source, whose contents are elsewhere now, or a destination that was not needed.</summary>
    void FreeSource(Frame frame, CpuId cpu);
}

/// <summary>Moves one folio: allocate, unmap, copy, map at the new place, free (migrate_pages, mm/migrate.c, 6.1).</summary>
internal sealed class FolioMigration(
    FrameTable frames, Zone[] zones, IOwnerMap? owners, KernelRuntime runtime, KernelCounters counters, Tracepoints trace)
{
    /// <summary>
    /// GFP_USER | __GFP_MOVABLE | __GFP_RETRY_MAYFAIL, with HIGHMEM for what lies in a zone of movable memory alone
    /// (alloc_migration_target, mm/migrate.c, 6.1): nothing else moves into such a zone.
    /// </summary>
    public static GfpFlags TargetGfp(Zone from) =>
        GfpFlags.User | GfpFlags.Movable | GfpFlags.RetryMayFail | (from.Kind >= ZoneKind.Movable ? GfpFlags.HighMem : 0);

    /// <summary>Where folios go; set by whoever owns the memory.</summary>
    public IMigrationTarget Target { get; set; } = null!;

    /// <summary>Who maps folios; nobody in a replay.</summary>
    public FolioUsers Users { get; set; } = FolioUsers.Nobody;

    public ValueTask<MigrationOutcome> Move(Frame source, CpuId cpu) => Move(source, frames[source].Has(FrameFlags.Tagged), cpu);

    /// <param name="asTagged">The destination is tagged, whether the source is or not.</param>
    /// <param name="target">Where it goes; null for the allocator.</param>
    /// <param name="countsIsolated">It is counted as isolated meanwhile.</param>
    public async ValueTask<MigrationOutcome> Move(
        Frame source, bool asTagged, CpuId cpu, IMigrationTarget? target = null, bool countsIsolated = true)
    {
        target ??= Target;
        MigrationOutcome refusal = Refusal(source);
        if (refusal != MigrationOutcome.Done)
        {
            return refusal;
        }

        Order order = new(frames[source].Order);
        // Isolated from the LRU and locked: the storage of a tagged destination may be this very folio, and taking that
        // storage would move it a second time.
        if (!Users.TryIsolate(source, countsIsolated))
        {
            Count(MigrationOutcome.Pinned);
            return MigrationOutcome.Pinned;
        }

        frames[source].Set(FrameFlags.Isolated);
        await runtime.Point(StepKind.Isolate, source);
        Frame destination = await target.Allocate(zones[frames[source].Zone], order, asTagged, cpu);
        MigrationOutcome outcome = destination.IsNone ? MigrationOutcome.NoTarget : MigrationOutcome.Done;
        if (!destination.IsNone && !await Users.TryUnmap(source, destination))
        {
            target.FreeSource(destination, cpu);
            outcome = MigrationOutcome.Pinned;
        }

        if (outcome != MigrationOutcome.Done)
        {
            if (runtime.Has(Safeguards.PutBackOnFailure))
            {
                frames[source].Clear(FrameFlags.Isolated);
                Users.PutBack(source);
            }

            Count(outcome);
            return outcome;
        }

        await Users.MoveContents(source, destination);
        frames[source].Clear(FrameFlags.Isolated);
        // On the LRU a page can move, wherever it lies.
        frames[destination].Set(FrameFlags.Movable);
        frames[destination].Owner = frames[source].Owner;
        counters.MigratedFolios++;
        counters.MigratedFrames += order.Frames;
        owners?.Moved(frames[source].Owner, destination, order);
        trace.Tell(new KernelEvent(KernelEventKind.FolioMoved, cpu, destination, order.Value, Value: source.Index));
        await Users.Remap(source, destination);
        target.FreeSource(source, cpu);
        return MigrationOutcome.Done;
    }

    /// <summary>Frees a folio that need not be moved, since its contents can be read again. False: it has to be moved.</summary>
    public bool TryDrop(Frame source, CpuId cpu)
    {
        if (owners is null || frames[source].Has(FrameFlags.Tagged | FrameFlags.Pinned) || !owners.TryDrop(frames[source].Owner))
        {
            return false;
        }

        counters.DroppedFrames += 1 << frames[source].Order;
        Target.FreeSource(source, cpu);
        return true;
    }

    /// <summary>The same of a folio that lies where nothing else does, whoever has it; nothing waits.</summary>
    public bool TryDropAtOnce(Frame source, CpuId cpu)
    {
        int count = 1 << frames[source].Order;
        if (frames[source].Has(FrameFlags.Tagged | FrameFlags.Pinned | FrameFlags.Isolated))
        {
            return false;
        }

        bool isLost = owners is not null && owners.TryLose(frames[source].Owner);
        if (isLost)
        {
            Target.FreeSource(source, cpu);
        }

        isLost = isLost || Users.TryDrop(source, cpu);
        counters.DroppedFrames += isLost ? count : 0;
        return isLost;
    }

    private MigrationOutcome Refusal(Frame source)
    {
        ref PageFrame from = ref frames[source];
        MigrationOutcome outcome = !from.Has(FrameFlags.Movable) ? MigrationOutcome.Unmovable
            : from.Has(FrameFlags.Pinned | FrameFlags.Isolated) ? MigrationOutcome.Pinned
            : MigrationOutcome.Done;
        Count(outcome);
        return outcome;
    }

    private void Count(MigrationOutcome outcome)
    {
        counters.UnmovableMigrationFailures += outcome == MigrationOutcome.Unmovable ? 1 : 0;
        counters.PinnedMigrationFailures += outcome == MigrationOutcome.Pinned ? 1 : 0;
        counters.NoTargetMigrationFailures += outcome == MigrationOutcome.NoTarget ? 1 : 0;
    }
}
