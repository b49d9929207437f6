using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.PageAllocator;

/// <summary>
/// The allocator's decisions one at a time, for following a recording: the model proposes a frame, and where the
/// recorded kernel took another, it is put into that kernel's state.
/// </summary>
public sealed class AllocatorSteps
{
    private readonly FrameTable _frames;
    private readonly Buddy _buddy;
    private readonly ZoneLists _lists;
    private readonly Contiguous.PageIsolation _isolation;
    private readonly bool _canPrefill;
    private readonly int _near;

    internal AllocatorSteps(FrameTable frames, Zone[] zones, Ports.StoragePlacement placement, Buddy buddy, ZoneLists lists, Contiguous.PageIsolation isolation)
    {
        _isolation = isolation;
        Zone[] ordinary = [.. zones.Where(zone => !zone.IsTagStorage && zone.Start < zone.End)];
        _canPrefill = ordinary.Length == 1 && placement != Ports.StoragePlacement.TagBlocks;
        _near = ordinary.Length == 0 ? 0 : ordinary[0].Start;
        _frames = frames;
        _buddy = buddy;
        _lists = lists;
    }

    /// <summary>The frame that a refill or a direct request would get from the zone's buddy lists, off the lists; -1 for none.</summary>
    /// <param name="near">A frame of the zone.</param>
    public int Propose(int near, int order, MigrateType type, bool useCma)
    {
        Zone zone = _buddy.ZoneOf(near);
        TakeRequest request = new(order, type, StorageSets.Data, IsTagged: false, NoFragment: false, new Ports.AllocationVerdict(useCma, UsePerCpu: true, Ports.StorageUse.Never));
        int frame = _lists.Take(zone, request);
        if (frame >= 0)
        {
            Take(frame, order);
        }

        return frame;
    }

    /// <summary>Takes exactly these frames off the buddy lists; false when they are not all free.</summary>
    public bool TryTake(int frame, int order)
    {
        if (!_buddy.TakeExact(frame, order))
        {
            return false;
        }

        _frames[frame].Become(FrameState.Allocated, order);
        return true;
    }

    /// <summary>Puts frames in use on the buddy lists.</summary>
    public void FreeToBuddy(int frame, int order, MigrateType type, bool toTail)
    {
        _frames[frame].Become(FrameState.Allocated, order);
        _buddy.Free(frame, order, type, toTail);
    }

    /// <summary>Moves a free chunk to the end of its list.</summary>
    public void Rotate(int frame, MigrateType type) => _buddy.Rotate(_buddy.ZoneOf(frame), frame, type);

    /// <summary>Puts a folio in use at the tail of a per-CPU list, as a refill does.</summary>
    public void Refilled(int frame, int order, MigrateType listType, int cpu)
    {
        PerCpuPages pages = PerCpuOf(frame, cpu);
        _frames[frame].Become(FrameState.PerCpu, order);
        _frames[frame].Owner = cpu;
        _frames.AddLast(_frames.ListHead(pages.ListOf(PerCpuPages.Index(listType, order))), frame);
        pages.Count += 1 << order;
    }

    /// <summary>
    /// Puts movable pages on a CPU's lists, as processes that have ended leave them there, until it holds a number of
    /// frames. For machines of one zone, since nobody counted by zone; and not for tag blocks, which have no such lists.
    /// </summary>
    public void Prefill(int cpu, int frames)
    {
        for (int left = frames; left > 0 && _canPrefill; left--)
        {
            int frame = Propose(_near, order: 0, MigrateType.Movable, useCma: true);
            if (frame < 0)
            {
                return;
            }

            Refilled(frame, order: 0, MigrateType.Movable, cpu);
        }
    }

    /// <summary>Puts a folio in use at the head of a per-CPU list, as a free does, without draining.</summary>
    public void Freed(int frame, int order, int cpu)
    {
        PerCpuPages pages = PerCpuOf(frame, cpu);
        _frames[frame].BecomeListed(FrameState.PerCpu, order, _frames.BlockType(frame));
        _frames[frame].Owner = cpu;
        _frames.AddFirst(_frames.ListHead(pages.ListOf(IndexOf(frame))), frame);
        pages.Count += 1 << order;
    }

    /// <summary>First folio of a per-CPU list, or -1.</summary>
    public int FirstPerCpu(int near, int order, MigrateType type, int cpu)
    {
        PerCpuPages pages = PerCpuOf(near, cpu);
        int head = _frames.ListHead(pages.ListOf(PerCpuPages.Index(type, order)));
        return _frames.IsEmpty(head) ? -1 : _frames.First(head);
    }

    /// <summary>Takes a folio off whatever per-CPU list it is on; it is in use then.</summary>
    // A folio on a list has no owner, so the field says whose list it is.
    public void RemovePerCpu(int frame)
    {
        int order = _frames[frame].Order;
        _frames.Remove(frame);
        _frames[frame].Become(FrameState.Allocated, order);
        PerCpuOf(frame, _frames[frame].Owner).Count -= 1 << order;
    }

    /// <summary>Folios that a refill of an empty list would ask for.</summary>
    public int RefillWanted(int near, int order, int cpu) => PerCpuLists.RefillWanted(PerCpuOf(near, cpu), order);

    /// <summary>Frames that the CPU gives back now that a folio of an order was put on its lists; repeated frees double it.</summary>
    public int DrainWanted(int near, int order, int cpu) => PerCpuLists.DrainAfterFree(PerCpuOf(near, cpu), order);

    /// <summary>The folios that a drain frees, in order; the caller takes each off before it asks for the next.</summary>
    /// <param name="freed">The folio just freed, whose list comes first; or -1 to begin with the first list.</param>
    public DrainPlan BeginDrain(int near, int cpu, int count, int freed)
    {
        int index = freed < 0 ? 0 : IndexOf(freed);
        return new DrainPlan(new DrainCursor(_frames, PerCpuOf(near, cpu), count, index));
    }

    /// <summary>An allocation from a CPU's lists halves what its next drain gives back.</summary>
    public void CountAllocation(int near, int cpu) => PerCpuOf(near, cpu).FreeFactor >>= 1;

    /// <summary>Frames on a CPU's lists, and the limits they have.</summary>
    public PerCpuLimits LimitsOf(int near, int cpu)
    {
        PerCpuPages pages = PerCpuOf(near, cpu);
        return new PerCpuLimits(pages.Count, pages.Batch, pages.High);
    }

    public int OrderOf(int frame) => _frames[frame].Order;

    public void SetLimits(int near, int cpu, int batch, int high)
    {
        PerCpuPages pages = PerCpuOf(near, cpu);
        pages.Batch = batch;
        pages.High = high;
    }

    /// <summary>Position of a folio on its per-CPU list, 0 for the first; -1 when it is not on that list.</summary>
    public int PositionPerCpu(int frame, int order, MigrateType type, int cpu)
    {
        int head = _frames.ListHead(PerCpuOf(frame, cpu).ListOf(PerCpuPages.Index(type, order)));
        int position = 0;
        for (int at = _frames.First(head); at != head; at = _frames.After(at), position++)
        {
            if (at == frame)
            {
                return position;
            }
        }

        return -1;
    }

    /// <summary>The first folios of a per-CPU list, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<int> PerCpuList(int near, int order, MigrateType type, int cpu, int most) =>
        FirstOf(_frames.ListHead(PerCpuOf(near, cpu).ListOf(PerCpuPages.Index(type, order))), most);

    /// <summary>First frames of the chunks on a buddy list, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<int> ListOf(int near, int order, MigrateType type, int most) =>
        FirstOf(_frames.ListHead(_buddy.ZoneOf(near).List(StorageSets.Data, order, type)), most);

    /// <summary>First frame of the free chunk that holds a frame, and its order; (-1, 0) when it is not free.</summary>
    public (int Frame, int Order) ChunkOf(int frame)
    {
        int head = _buddy.FindChunk(frame, 0);
        return head < 0 ? (-1, 0) : (head, _frames[head].Order);
    }

    /// <summary>Are all these frames on the buddy lists, in one chunk?</summary>
    public bool IsFree(int frame, int order) => _buddy.FindChunk(frame, order) >= 0;

    /// <summary>Declares frames to be in use whatever the model thought: free chunks and folios that overlap are broken up.</summary>
    public void ForceTake(int frame, int order)
    {
        for (int at = frame; at < frame + (1 << order); at++)
        {
            if (_buddy.FindChunk(at, 0) >= 0)
            {
                _buddy.TakeExact(at, 0);
            }
            else if (_frames.FolioIn(at, FrameState.PerCpu) is int folio and >= 0)
            {
                RemovePerCpu(folio);
            }
        }

        MarkInUse(frame, order);
    }

    /// <summary>Makes one folio in use of frames that are on no list.</summary>
    public void MarkInUse(int frame, int order)
    {
        for (int at = frame; at < frame + (1 << order); at++)
        {
            _frames[at].Become(FrameState.Covered, 0);
        }

        _frames[frame].Become(FrameState.Allocated, order);
    }

    /// <summary>Sets the migratetype of a pageblock, before anything in it is free.</summary>
    public void SetBlockType(int frame, MigrateType type) => _frames.SetBlockType(frame, type);

    private List<int> FirstOf(int head, int most)
    {
        List<int> frames = [];
        for (int at = _frames.First(head); at != head && frames.Count < most; at = _frames.After(at))
        {
            frames.Add(at);
        }

        return frames;
    }

    private PerCpuPages PerCpuOf(int near, int cpu) => _buddy.ZoneOf(near).PerCpu[cpu];

    private int IndexOf(int frame)
    {
        MigrateType type = _frames[frame].PerCpuType;
        return PerCpuPages.Index((int)type < MigrateTypes.PerCpuCount ? type : MigrateType.Movable, _frames[frame].Order);
    }

    /// <summary>Gives a Movable pageblock another type, and what is free in it to the lists of that type.</summary>
    public void RetypeBlock(int frame, MigrateType type)
    {
        if (_frames.BlockType(frame) == MigrateType.Movable && _buddy.FindChunk(frame, _frames.PageBlockOrder) < 0)
        {
            _buddy.MoveBlock(_buddy.ZoneOf(frame), frame, type);
            _frames.SetBlockType(frame, type);
        }
    }

    /// <summary>Isolates the pageblocks of a range, whatever is in them.</summary>
    public void Isolate(int first, int count)
    {
        for (int block = first & ~(_frames.PageBlockFrames - 1); block < first + count; block += _frames.PageBlockFrames)
        {
            if (_frames.BlockType(block) != MigrateType.Isolate)
            {
                _isolation.IsolateBlock(block, Math.Max(block, first));
            }
        }
    }

    /// <summary>Ends the isolation of a range's pageblocks; they are Movable or CMA as they were.</summary>
    public void EndIsolation(int first, int count) =>
        _isolation.Undo(first, first + count, MigrateType.Movable);

    /// <summary>Takes all frames of a range, single and in use; false when some were not free.</summary>
    public bool TakeRange(int first, int count)
    {
        bool isFree = true;
        for (int frame = first; frame < first + count; frame++)
        {
            isFree &= IsFree(frame, 0);
            ForceTake(frame, 0);
        }

        return isFree;
    }

    private void Take(int frame, int order)
    {
        ref PageFrame taken = ref _frames[frame];
        _buddy.ZoneOf(frame).Account(taken.PerCpuType, taken.AreaSet, -(1 << order));
        taken.Become(FrameState.Allocated, order);
    }
}

/// <summary>Frames on a CPU's lists in one zone, and the batch and high limits.</summary>
public readonly record struct PerCpuLimits(int Count, int Batch, int High);

/// <summary>The folios that a drain frees, one after the other.</summary>
public sealed class DrainPlan
{
    private DrainCursor _cursor;

    internal DrainPlan(DrainCursor cursor) => _cursor = cursor;

    /// <summary>Frames still to be given back.</summary>
    public int Left => _cursor.Left;

    /// <summary>The next folio, or -1 when the drain ends.</summary>
    public int Next() => _cursor.Next();
}
