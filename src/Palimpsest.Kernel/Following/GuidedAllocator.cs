using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.PageAllocator.Rules;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Following;

/// <summary>
/// The allocator's decisions one at a time, for following a recording: the model proposes a frame, and where the
/// recorded kernel took another, it is put into that kernel's state.
/// </summary>
public sealed class GuidedAllocator
{
    private readonly FrameTable _frames;
    private readonly Zone[] _zones;
    private readonly Buddy _buddy;
    private readonly ZoneLists _lists;
    private readonly PageIsolation _isolation;
    private readonly bool _canPrefill;
    private readonly Frame _near;
    private TakeMode _mode;

    internal GuidedAllocator(FrameTable frames, Zone[] zones, StoragePlace place, Buddy buddy, ZoneLists lists,
        PageIsolation isolation, AllocatorRules rules)
    {
        _isolation = isolation;
        Zone[] ordinary = [.. zones.Where(zone => !zone.IsTagStorage && zone.Start < zone.End)];
        _canPrefill = ordinary.Length == 1 && place.HasPerCpuLists;
        _near = ordinary.Length == 0 ? new Frame(0) : ordinary[0].Start;
        _frames = frames;
        _zones = zones;
        _buddy = buddy;
        _lists = lists;
        PerCpu = new GuidedPerCpu(frames, zones, buddy, rules);
    }

    /// <summary>The same for the per-CPU lists.</summary>
    public GuidedPerCpu PerCpu { get; }

    /// <summary>
    /// The frame that a refill or a direct request would get from the zone's buddy lists, off the lists; none if there is none.
    /// </summary>
    /// <param name="near">A frame of the zone.</param>
    /// <param name="continues">It is the next of a refill whose last page was proposed before.</param>
    public Frame Propose(Frame near, int order, MigrateType type, bool useCma, bool continues = false)
    {
        _mode = continues ? _mode : TakeMode.Normal;
        Zone zone = _buddy.ZoneOf(near);
        AllocationVerdict verdict = new(useCma, UseStorage: false);
        TakeRequest request = new(order, type, StorageSets.Data, IsTagged: false, NoFragment: false, verdict);
        Frame frame = _lists.Take(zone, request, ref _mode);
        if (!frame.IsNone)
        {
            Take(frame, order);
        }

        return frame;
    }

    /// <summary>Takes exactly these frames off the buddy lists; false when they are not all free.</summary>
    public bool TryTake(Frame frame, int order)
    {
        if (!_buddy.TakeExact(frame, order))
        {
            return false;
        }

        _frames[frame].Become(FrameState.Allocated, order);
        return true;
    }

    /// <summary>Puts frames in use on the buddy lists.</summary>
    public void FreeToBuddy(Frame frame, int order, MigrateType type, bool toTail)
    {
        _frames[frame].Become(FrameState.Allocated, order);
        _buddy.Free(frame, order, type, toTail);
    }

    /// <summary>Moves a free chunk to the end of its list.</summary>
    public void Rotate(Frame frame, MigrateType type) => _buddy.Rotate(_buddy.ZoneOf(frame), frame, type);

    /// <summary>
    /// Puts movable pages on a CPU's lists, as processes that have ended leave them there, until it holds a number of
    /// frames. For machines of one zone, since nobody counted by zone; and not for tag blocks, which have no such lists.
    /// </summary>
    public void Prefill(CpuId cpu, int frames)
    {
        for (int left = frames; left > 0 && _canPrefill; left--)
        {
            Frame frame = Propose(_near, order: 0, MigrateType.Movable, useCma: true);
            if (frame.IsNone)
            {
                return;
            }

            PerCpu.Refilled(frame, order: 0, MigrateType.Movable, cpu);
        }
    }

    /// <summary>First frames of the chunks on a buddy list, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<Frame> ListOf(Frame near, int order, MigrateType type, int most) =>
        _frames.FirstOf(_frames.ListHead(_buddy.ZoneOf(near).List(StorageSets.Data, order, type)), most);

    /// <summary>Chunks of an order on the buddy lists of a type, in all zones and in all sets of free areas that a design has.</summary>
    public int ChunksOn(MigrateType type, int order)
    {
        int chunks = 0;
        foreach (Zone zone in _zones)
        {
            for (int set = 0; set < zone.Sets; set++)
            {
                Frame head = _frames.ListHead(zone.List(set, order, type));
                for (Frame at = _frames.First(head); at != head; at = _frames.After(at))
                {
                    chunks++;
                }
            }
        }

        return chunks;
    }

    /// <summary>First frame of the free chunk that holds a frame, and its order; (none, 0) when it is not free.</summary>
    public (Frame Frame, int Order) ChunkOf(Frame frame)
    {
        Frame head = _buddy.FindChunk(frame, 0);
        return head.IsNone ? (Frame.None, 0) : (head, _frames[head].Order);
    }

    /// <summary>Are all these frames on the buddy lists, in one chunk?</summary>
    public bool IsFree(Frame frame, int order) => !_buddy.FindChunk(frame, order).IsNone;

    /// <summary>Declares frames to be in use whatever the model thought: free chunks and folios that overlap are broken up.</summary>
    public void ForceTake(Frame frame, int order)
    {
        for (Frame at = frame; at < frame + (1 << order); at++)
        {
            if (!_buddy.FindChunk(at, 0).IsNone)
            {
                _buddy.TakeExact(at, 0);
            }
            else if (_frames.FolioIn(at, FrameState.PerCpu) is { IsNone: false } folio)
            {
                PerCpu.Remove(folio);
            }
        }

        MarkInUse(frame, order);
    }

    /// <summary>Makes one folio in use of frames that are on no list.</summary>
    public void MarkInUse(Frame frame, int order)
    {
        for (Frame at = frame; at < frame + (1 << order); at++)
        {
            _frames[at].Become(FrameState.Covered, 0);
        }

        _frames[frame].Become(FrameState.Allocated, order);
    }

    /// <summary>Sets the migratetype of a pageblock, before anything in it is free.</summary>
    public void SetBlockType(Frame frame, MigrateType type) => _frames.SetBlockType(frame, type);

    /// <summary>Gives a Movable pageblock another type, and what is free in it to the lists of that type.</summary>
    public void RetypeBlock(Frame frame, MigrateType type)
    {
        if (_frames.BlockType(frame) == MigrateType.Movable && _buddy.FindChunk(frame, _frames.PageBlockOrder).IsNone)
        {
            _buddy.MoveBlock(_buddy.ZoneOf(frame), frame, type);
            _frames.SetBlockType(frame, type);
        }
    }

    /// <summary>
    /// A free or refilled page of a list says which type its block has, where each page is on the list of its block (6.12).
    /// </summary>
    /// <returns>The model thought otherwise.</returns>
    public bool Agree(Frame frame, MigrateType type)
    {
        MigrateType known = _frames.BlockType(frame);
        if (!PerCpu.HighMoves || known == type || !MigrateTypes.IsMergeable(known) || !MigrateTypes.IsMergeable(type))
        {
            return false;
        }

        _buddy.MoveBlock(_buddy.ZoneOf(frame), frame, type);
        _frames.SetBlockType(frame, type);
        return true;
    }

    /// <summary>Isolates the pageblocks of a range, whatever is in them.</summary>
    public void Isolate(Frame first, int count)
    {
        Frame start = first.HeadAt(_frames.PageBlockOrder);
        Frame end = (first + count - 1).HeadAt(_frames.PageBlockOrder) + _frames.PageBlockFrames;
        for (Frame block = start; block < end; block += _frames.PageBlockFrames)
        {
            if (_frames.BlockType(block) != MigrateType.Isolate)
            {
                _isolation.IsolateBlock(block, Frame.Max(block, first));
            }
        }

        _isolation.SplitAcross(start);
        _isolation.SplitAcross(end);
    }

    /// <summary>Ends the isolation of a range's pageblocks; they are Movable or CMA, as they were.</summary>
    public void EndIsolation(Frame first, int count, MigrateType type) => _isolation.Undo(first, first + count, type);

    /// <summary>Takes all frames of a range, single and in use; false when some were not free.</summary>
    public bool TakeRange(Frame first, int count)
    {
        bool isFree = true;
        for (Frame frame = first; frame < first + count; frame++)
        {
            isFree &= IsFree(frame, 0);
            ForceTake(frame, 0);
        }

        return isFree;
    }

    private void Take(Frame frame, int order)
    {
        ref PageFrame taken = ref _frames[frame];
        _buddy.ZoneOf(frame).Account(taken.PerCpuType, taken.AreaSet, -(1 << order));
        taken.Become(FrameState.Allocated, order);
    }
}
