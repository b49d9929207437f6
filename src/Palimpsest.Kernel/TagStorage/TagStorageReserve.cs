using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage;

/// <summary>What a reservation had to do; the dearest step of all its blocks.</summary>
public enum ReservationPath : byte
{
    /// <summary>Every block was reserved already.</summary>
    Already,

    /// <summary>A block was free.</summary>
    Free,

    /// <summary>A block held data, which was moved.</summary>
    Migrate,

    /// <summary>A block could not be had; nothing is changed.</summary>
    Failed,
}

/// <summary>
/// Takes and gives back blocks for tagged folios (arch/arm64/kernel/mte_tag_storage.c of RFC v1-v3). References are
/// counted by page, not by allocation, so that a folio may be split and freed piece by piece.
/// </summary>
internal sealed class TagStorageReserve(
    FrameTable frames, TagBlocks blocks, ContiguousAllocator contiguous, RecallRule recall, int pageBytes, KernelCounters counters)
{
    /// <summary>Bytes of data that a tag cache line covers, and of a data cache line (CTR_EL0.TminLine, DminLine of common cores).</summary>
    private const int TagLineCoverBytes = 2048;
    private const int DataLineBytes = 64;

    /// <summary>Reserves the storage of a folio and marks its frames; all or nothing.</summary>
    public ReservationPath Reserve(int frame, int cpu)
    {
        // A large folio may reach into the very storage that it needs, and must not be moved out of it meanwhile.
        bool wasPinned = frames[frame].Has(FrameFlags.Pinned);
        frames[frame].Set(FrameFlags.Pinned);
        ReservationPath path = ReserveAll(frame, cpu);
        if (!wasPinned)
        {
            frames[frame].Clear(FrameFlags.Pinned);
        }

        if (path != ReservationPath.Failed)
        {
            frames[frame].Set(FrameFlags.StorageReserved);
        }

        Count(path);
        return path;
    }

    /// <summary>Drops the references of a folio; blocks that nobody refers to are lent again.</summary>
    // Tag lines first: one that is written back after a guest has moved in would overwrite the guest's data (TAG-4, R9).
    public void Release(int frame, int cpu)
    {
        int count = 1 << frames[frame].Order;
        counters.TagLinesInvalidated += IsAlwaysActive ? 0 : Math.Max(1, (long)count * pageBytes / TagLineCoverBytes);
        Drop(frame, count, cpu);
        frames[frame].Clear(FrameFlags.StorageReserved);
    }

    /// <summary>Makes a block Reserved before any page needs it, and counts how.</summary>
    public void ReserveAhead(int block, int cpu)
    {
        if (blocks.StateOf(block) == TagBlockState.Lent)
        {
            Count(ReserveBlock(block, cpu));
        }
    }

    /// <summary>Makes a block Reserved without references.</summary>
    public ReservationPath ReserveBlock(int block, int cpu)
    {
        if (blocks.StateOf(block) == TagBlockState.Reserved)
        {
            return ReservationPath.Already;
        }

        (int first, int count) = blocks.StorageOf(block);
        ReservationPath path = Take(first, count, cpu);
        if (path != ReservationPath.Failed)
        {
            // A dirty data line written back later would overwrite tags (TAG-4, R10).
            counters.DataLinesInvalidated += (long)count * pageBytes / DataLineBytes;
            blocks.Become(block, TagBlockState.Reserved);
        }

        return path;
    }

    /// <summary>Keeps blocks reserved when the last reference goes (hidden storage, take-all designs).</summary>
    public bool KeepsBlocks { get; set; }

    /// <summary>Nothing is ever lent, so nothing need be counted or cleaned (hidden storage).</summary>
    public bool IsAlwaysActive { get; init; }

    /// <summary>Keeps blocks of groups on the tagged list, whose pages stay active (tag blocks).</summary>
    public bool KeepsActiveGroups { get; init; }

    /// <summary>Lends a block that nobody refers to.</summary>
    public void LendBlock(int block, int cpu)
    {
        (int first, int count) = blocks.StorageOf(block);
        blocks.Become(block, TagBlockState.Lent);
        contiguous.Free(first, count, cpu, recall.FreeThroughPerCpu);
        counters.ReleasedBlocks++;
    }

    private ReservationPath ReserveAll(int frame, int cpu)
    {
        int count = 1 << frames[frame].Order;
        ReservationPath path = ReservationPath.Already;
        for (int done = 0; done < count;)
        {
            int block = blocks.BlockOf(frame + done);
            int covered = block < 0 ? 0 : Covered(block, frame + done, frame + count);
            ReservationPath step = block < 0 ? ReservationPath.Failed : ReserveBlock(block, cpu);
            if (step == ReservationPath.Failed)
            {
                Drop(frame, done, cpu);
                return ReservationPath.Failed;
            }

            blocks.AddReferences(block, covered);
            path = step > path ? step : path;
            done += covered;
        }

        return path;
    }

    private ReservationPath Take(int first, int count, int cpu)
    {
        (long migrated, long isolated, long interrupts) = (counters.MigratedFrames, counters.BlocksIsolated, counters.Interrupts);
        ReservationPath path = TakeStorage(first, count, cpu);
        counters.TagMigratedFrames += counters.MigratedFrames - migrated;
        counters.TagBlocksIsolated += counters.BlocksIsolated - isolated;
        counters.TagInterrupts += counters.Interrupts - interrupts;
        return path;
    }

    private ReservationPath TakeStorage(int first, int count, int cpu)
    {
        if (recall.FastPath && contiguous.TryTakeFree(first, count))
        {
            return ReservationPath.Free;
        }

        long migrated = counters.MigratedFolios;
        for (int attempt = 0; attempt < recall.Attempts; attempt++)
        {
            RangeOutcome outcome = contiguous.Allocate(first, count, cpu);
            if (outcome == RangeOutcome.Done)
            {
                return counters.MigratedFolios == migrated ? ReservationPath.Free : ReservationPath.Migrate;
            }

            if (outcome == RangeOutcome.NoMemory)
            {
                break;
            }
        }

        return ReservationPath.Failed;
    }

    private void Drop(int frame, int count, int cpu)
    {
        for (int done = 0; done < count;)
        {
            int block = blocks.BlockOf(frame + done);
            int covered = Covered(block, frame + done, frame + count);
            blocks.AddReferences(block, -covered);
            bool isActiveGroup = KeepsActiveGroups && frames[frame + done].AreaSet == StorageSets.Tagged;
            if (blocks.ReferencesOf(block) == 0 && !KeepsBlocks && !isActiveGroup)
            {
                LendBlock(block, cpu);
            }

            done += covered;
        }
    }

    /// <summary>Frames from <paramref name="from"/> on, before <paramref name="end"/>, that a block covers.</summary>
    private int Covered(int block, int from, int end)
    {
        (int first, int count) = blocks.CoverOf(block);
        return Math.Min(end, first + count) - from;
    }

    private void Count(ReservationPath path)
    {
        switch (path)
        {
            case ReservationPath.Already:
                counters.AlreadyReserved += IsAlwaysActive ? 0 : 1;
                break;
            case ReservationPath.Free:
                counters.ReservedFree++;
                break;
            case ReservationPath.Migrate:
                counters.ReservedByMigration++;
                break;
            default:
                counters.FailedReservations++;
                break;
        }
    }
}
