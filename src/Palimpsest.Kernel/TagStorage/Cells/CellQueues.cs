using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.TagStorage.Packing;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Cells;

/// <summary>What becomes of the storage of a cell that is not active.</summary>
// Inactive → Claimed    data take it, when little of what it covers is free
// Claimed  → Inactive   the last of the data is gone
// Claimed  → Pinned     it was to become active, and what it holds cannot move
// Pinned   → Inactive, Claimed  what it holds can move again, or is gone
// A cell that is kept since boot is none of these (XNU: DISABLED); RECLAIMING, ACTIVATING and DEACTIVATING last no longer than a step.
internal enum CellState : byte
{
    Inactive,

    /// <summary>Some of its storage holds data, and some is free; blocks of one page never do.</summary>
    PartlyClaimed,
    Claimed,
    Pinned,
}

/// <summary>
/// Cells on queues by their state and by how many of the pages that they cover are free, kept as these come and go: which becomes active
/// next, and which is claimed for data (vm_mteinfo.c, XNU).
/// </summary>
internal sealed class CellQueues : IActivationChoice, IFreeFrameCounts, IStorageClaims
{
    /// <summary>None free; up to a quarter, a half, three quarters; more.</summary>
    private const int Buckets = 5;

    /// <summary>More than half is free: such a cell is made active by whoever asks; others are left to the thread.</summary>
    private const int HalfFree = 3;

    /// <summary>A cell with more free pages is not claimed.</summary>
    private const int MostFreeToClaim = 1;

    /// <summary>With more inactive storage, any is claimed: that of 12 GB of memory.</summary>
    private const long InactiveTargetBytes = 384L << 20;

    /// <summary>Cells of one queue looked at.</summary>
    private const int MostCellsSeen = 8;

    private readonly FrameTable _frames;
    private readonly Zone[] _zones;
    private readonly TagBlocks _blocks;
    private readonly Buddy _buddy;
    private readonly ActiveBlocks _active;
    private readonly BlockClasses _queues;
    private readonly BlockClasses _claimable;
    private readonly int[] _free;
    private readonly int[] _storageFree;
    private readonly sbyte[] _queueOf;
    private readonly bool[] _isPinned;
    private readonly int _inactiveTarget;
    private int _inactive;

    public CellQueues(FrameTable frames, Zone[] zones, TagBlocks blocks, Buddy buddy, ActiveBlocks active, int pageBytes)
    {
        (_frames, _zones, _blocks, _buddy, _active) = (frames, zones, blocks, buddy, active);
        _queues = new BlockClasses(blocks.Count, zones.Length, ((int)CellState.Pinned + 1) * Buckets);
        _claimable = new BlockClasses(blocks.Count, zones.Length, Buckets + 1);
        _free = new int[blocks.Count];
        _storageFree = new int[blocks.Count];
        _queueOf = new sbyte[blocks.Count];
        _queueOf.AsSpan().Fill(-1);
        _isPinned = new bool[blocks.Count];
        _inactiveTarget = (int)(InactiveTargetBytes / pageBytes);
        buddy.Counts = this;
    }

    /// <summary>
    /// With free storage, only a cell that is more than half free. Else the best, inactive or claimed: a claimed one only where it has
    /// more free pages and the inactive are less than half free.
    /// </summary>
    public BlockId Find(Zone zone, int order, bool isStorageFree)
    {
        BlockId cell = BlockId.None;
        for (int bucket = Buckets - 1; bucket >= HalfFree && cell.IsNone; bucket--)
        {
            cell = FirstWith(zone, CellState.Inactive, bucket, order);
        }

        if (isStorageFree || !cell.IsNone)
        {
            return cell;
        }

        LookAtPinned(zone);
        for (int bucket = Buckets - 1; bucket > 0 && cell.IsNone; bucket--)
        {
            for (CellState state = CellState.Inactive; state <= CellState.Claimed && cell.IsNone; state++)
            {
                cell = FirstWith(zone, state, bucket, order);
            }
        }

        return cell;
    }

    public BlockId FindBest(Zone zone) => Find(zone, order: 0, isStorageFree: false);

    /// <summary>A cell whose storage is wired is remembered, and the next is tried; shortage and races are for the caller.</summary>
    public bool HasAnother(BlockId failed)
    {
        _isPinned[failed.Index] = IsWired(failed);
        Enqueue(failed);
        return _isPinned[failed.Index];
    }

    public Frame Claim(Zone zone)
    {
        int most = _inactive > _inactiveTarget ? Buckets - 1 : MostFreeToClaim;
        for (int queue = 0; queue <= most + 1; queue++)
        {
            int left = MostCellsSeen;
            for (BlockId cell = First(_claimable, zone, queue); !cell.IsNone && left > 0; cell = _claimable.After(cell), left--)
            {
                Frame frame = FreeStorageOf(cell);
                if (!frame.IsNone)
                {
                    _buddy.Extract(frame, 0);
                    return frame;
                }
            }
        }

        return Frame.None;
    }

    public void Changed(Frame chunk, int order, int change)
    {
        Frame end = chunk + (1 << order);
        int sign = Math.Sign(change);
        for (Frame at = chunk; at < end;)
        {
            bool isStorage = _frames[at].Has(FrameFlags.TagStorage);
            BlockId cell = isStorage ? _blocks.BlockHolding(at) : _blocks.BlockOf(at);
            if (cell.IsNone)
            {
                at++;
                continue;
            }

            (Frame first, int count) = isStorage ? _blocks.StorageOf(cell) : _blocks.CoverOf(cell);
            int changed = Math.Max(1, (end < first + count ? end : first + count) - at);
            (isStorage ? _storageFree : _free)[cell.Index] += sign * changed;
            Enqueue(cell);
            at += changed;
        }
    }

    /// <summary>Puts a cell at the end of its queue, if it is not on that already; an active one on none.</summary>
    private void Enqueue(BlockId cell)
    {
        int storage = _blocks.StorageOf(cell).Count;
        int free = _storageFree[cell.Index];
        _isPinned[cell.Index] &= free < storage;
        CellState state = _isPinned[cell.Index] ? CellState.Pinned : free >= storage ? CellState.Inactive
            : free > 0 ? CellState.PartlyClaimed : CellState.Claimed;
        bool isQueued = _blocks.StateOf(cell) == TagBlockState.Lent;
        int queue = isQueued ? Queue(state, BucketOf(cell)) : -1;
        int old = _queueOf[cell.Index];
        if (queue == old)
        {
            return;
        }

        _inactive += (IsInactive(queue) ? 1 : 0) - (IsInactive(old) ? 1 : 0);
        _queueOf[cell.Index] = (sbyte)queue;
        _queues.Remove(cell);
        _claimable.Remove(cell);
        if (isQueued)
        {
            Zone storageZone = _zones[_frames[_blocks.StorageOf(cell).First].Zone];
            // Storage may cover nothing, or lie in another zone than what it covers.
            if (!IsDrivers(cell))
            {
                _queues.Put(cell, _blocks.CoverOf(cell).Count > 0 ? _active.ZoneOf(cell) : storageZone, queue, toTail: true);
            }

            if (state <= CellState.PartlyClaimed)
            {
                _claimable.Put(cell, storageZone, state == CellState.PartlyClaimed ? 0 : BucketOf(cell) + 1, toTail: true);
            }
        }
    }

    /// <summary>A driver's pool never becomes active; on a queue such cells would only be in the way.</summary>
    private bool IsDrivers(BlockId cell) =>
        _blocks.CoverOf(cell) is (var first, > 0) && _frames.BlockType(first) == MigrateType.Cma;

    private static int Queue(CellState state, int bucket) => ((int)state * Buckets) + bucket;

    private static bool IsInactive(int queue) => queue is >= 0 and < Buckets;

    private int BucketOf(BlockId cell)
    {
        int quarter = Math.Max(1, _blocks.CoverOf(cell).Count / (Buckets - 1));
        return Math.Min(Buckets - 1, (_free[cell.Index] + quarter - 1) / quarter);
    }

    /// <summary>First of a queue; those that have become active since are met here.</summary>
    private BlockId First(BlockClasses queues, Zone zone, int queue)
    {
        BlockId cell = queues.First(zone, queue);
        while (!cell.IsNone && _blocks.StateOf(cell) != TagBlockState.Lent)
        {
            Enqueue(cell);
            cell = queues.First(zone, queue);
        }

        return cell;
    }

    private BlockId FirstWith(Zone zone, CellState state, int bucket, int order)
    {
        int left = MostCellsSeen;
        for (BlockId cell = First(_queues, zone, Queue(state, bucket)); !cell.IsNone && left > 0; cell = _queues.After(cell), left--)
        {
            _active.CountSearched(cell);
            if (_blocks.StateOf(cell) == TagBlockState.Lent && _active.CanMask(cell) && HasFree(cell, order))
            {
                return cell;
            }
        }

        return BlockId.None;
    }

    private bool HasFree(BlockId cell, int order)
    {
        (Frame first, int count) = _blocks.CoverOf(cell);
        bool hasFree = false;
        for (Frame at = first; at + (1 << order) <= first + count && !hasFree; at++)
        {
            hasFree = at == at.HeadAt(order) && !_buddy.FindChunk(at, order).IsNone;
        }

        return hasFree;
    }

    /// <summary>Whoever wants cells looks whether those that could not be had are to be had again (the wanted bit of unwiring).</summary>
    private void LookAtPinned(Zone zone)
    {
        for (int bucket = Buckets - 1; bucket > 0; bucket--)
        {
            int left = MostCellsSeen;
            for (BlockId cell = First(_queues, zone, Queue(CellState.Pinned, bucket)); !cell.IsNone && left > 0; left--)
            {
                BlockId next = _queues.After(cell);
                if (!IsWired(cell))
                {
                    _isPinned[cell.Index] = false;
                    Enqueue(cell);
                }

                cell = next;
            }
        }
    }

    /// <summary>A free frame of a cell's storage, unless somebody is isolating its pageblock.</summary>
    private Frame FreeStorageOf(BlockId cell)
    {
        (Frame first, int count) = _blocks.StorageOf(cell);
        Frame free = Frame.None;
        for (Frame at = first; at < first + count && free.IsNone; at++)
        {
            bool isFree = _frames.BlockType(at) != MigrateType.Isolate && !_buddy.FindChunk(at, 0).IsNone;
            free = isFree ? at : free;
        }

        return free;
    }

    private bool IsWired(BlockId cell)
    {
        (Frame first, int count) = _blocks.StorageOf(cell);
        bool isWired = false;
        for (Frame at = first; at < first + count && !isWired; at++)
        {
            Frame folio = _frames.FolioOf(at);
            isWired = _frames[at].State == FrameState.Held || (!folio.IsNone && !_frames[folio].CanMove);
        }

        return isWired;
    }
}
