using System.Numerics;
using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>What becomes of the free data frames that a block covers.</summary>
// Lent  → Masked     its storage is taken, or a page of it was tagged where it lay
// Masked → Emptying  the worker chose it, or somebody isolates its pageblock
// Emptying → Masked  a page of it could not be moved
// Masked, Emptying → Lent  with its last tagged page
// A block that is Reserved and none of these holds a part of a huge page.
internal enum BlockUse : byte
{
    /// <summary>Its frames are ordinary memory.</summary>
    Ordinary,

    /// <summary>Its free frames are bits of its mask, on no list.</summary>
    Masked,

    /// <summary>Its free frames are on the buddy lists; its tagged pages move out.</summary>
    Emptying,
}

/// <summary>
/// Blocks whose storage is active: tagged pages come from these alone, and each goes back with its last one. Where their free frames
/// are is written in a mask for each block, so that no request for data can take one.
/// </summary>
internal sealed class ActiveBlocks : IActiveBlocks
{
    /// <summary>Blocks looked at for a folio of several pages before another is made active.</summary>
    private const int MostBlocksSearched = 32;

    private readonly FrameTable _frames;
    private readonly Zone[] _zones;
    private readonly TagBlocks _blocks;
    private readonly Buddy _buddy;
    private readonly BlockRecall _recall;
    private readonly ActivationSearch _search;
    private readonly PackRule _rule;
    private readonly KernelCounters _counters;
    private readonly BlockUse[] _use;
    private readonly BlockId[] _current;
    private readonly int _cpus;

    public ActiveBlocks(FrameTable frames, Zone[] zones, TagBlocks blocks, Buddy buddy, BlockRecall recall, ContiguousAllocator contiguous,
        PackRule rule, KernelCounters counters)
    {
        (_frames, _zones, _blocks, _buddy, _recall, _rule, _counters) = (frames, zones, blocks, buddy, recall, rule, counters);
        _search = new ActivationSearch(frames, blocks, buddy, contiguous, counters);
        Masks = new BlockMasks(blocks);
        Classes = new BlockClasses(blocks.Count, zones.Length);
        _use = new BlockUse[blocks.Count];
        _cpus = zones[0].PerCpu.Length;
        _current = new BlockId[zones.Length * _cpus];
        _current.AsSpan().Fill(BlockId.None);
        blocks.ReferencesChanged = Refer;
    }

    public BlockMasks Masks { get; }

    public BlockClasses Classes { get; }

    /// <summary>Blocks whose free frames are masked.</summary>
    public int MaskedBlocks { get; private set; }

    public BlockUse UseOf(BlockId block) => _use[block.Index];

    public Zone ZoneOf(BlockId block) => _zones[_frames[_blocks.CoverOf(block).First].Zone];

    public bool Fits(int order) => order <= _search.BlockOrder;

    public Frame Take(Zone zone, CpuId cpu, int order)
    {
        ref BlockId current = ref _current[(zone.Index * _cpus) + cpu.Index];
        BlockId block = current;
        if (block.IsNone || _use[block.Index] != BlockUse.Masked || !Masks.HasRun(block, order))
        {
            block = FullestWith(zone, order);
            if (block.IsNone)
            {
                return Frame.None;
            }

            current = block;
        }

        return TakeFrom(block, zone, order);
    }

    public bool TryActivate(Zone zone, int order)
    {
        BlockId block = _search.Find(zone, order, isStorageFree: true);
        if (block.IsNone || !_recall.TryTakeFree(block))
        {
            return false;
        }

        _counters.ReservedFree++;
        Mask(block);
        return true;
    }

    /// <summary>As <see cref="TryActivate"/>, of a block whose storage holds data, which move out first; of any zone.</summary>
    public async ValueTask<bool> TryActivateBusy(AllocationRequest request)
    {
        for (int zone = _zones.Length - 1; zone >= 0; zone--)
        {
            if (!_zones[zone].IsTagStorage && await TryActivateBusy(_zones[zone], request.Order.Value, request.Cpu))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As <see cref="TryActivate"/>, of the best block there is, by somebody who has time to empty its storage.</summary>
    public ValueTask<bool> TryActivateBest(Zone zone, CpuId cpu)
    {
        BlockId block = _search.FindWhole(zone);
        return TryActivateBusy(block.IsNone ? _search.Find(zone, order: 0, isStorageFree: false) : block, cpu);
    }

    private ValueTask<bool> TryActivateBusy(Zone zone, int order, CpuId cpu) =>
        TryActivateBusy(_search.Find(zone, order, isStorageFree: false), cpu);

    private async ValueTask<bool> TryActivateBusy(BlockId block, CpuId cpu)
    {
        if (block.IsNone || !await _recall.TryEmpty(block, cpu))
        {
            return false;
        }

        _counters.ReservedByMigration++;
        bool isWanted = _use[block.Index] == BlockUse.Ordinary && CanMask(block);
        if (isWanted)
        {
            Mask(block);
        }

        if (_blocks.ReferencesOf(block) == 0 && (!isWanted || Masks.FreeOf(block) == 0))
        {
            // What left the storage moved in here.
            Lend(block, cpu);
            return false;
        }

        return isWanted;
    }

    public Frame Borrow(Zone zone)
    {
        for (int fill = 0; fill < BlockClasses.Count && zone.ReadyFrames > _rule.Ready; fill++)
        {
            BlockId block = Classes.First(zone, fill);
            if (!block.IsNone)
            {
                _counters.BorrowedFrames++;
                return TakeFrom(block, zone, order: 0);
            }
        }

        return Frame.None;
    }

    public void Free(Frame frame, int order)
    {
        BlockId block = _blocks.BlockOf(frame);
        for (Frame at = frame; at < frame + (1 << order); at++)
        {
            _frames[at].Become(FrameState.Ready, 0);
            Masks.Add(block, at);
        }

        Zone zone = ZoneOf(block);
        zone.ReadyFrames += 1 << order;
        if (_blocks.ReferencesOf(block) == 0 && !IsWantedReady(zone, Masks.FreeOf(block)))
        {
            Lend(block, CpuId.Boot);
            return;
        }

        List(block, zone);
    }

    public void Vacate(Frame start, Frame end)
    {
        for (Frame at = start; at < end;)
        {
            BlockId block = _blocks.BlockOf(at);
            if (!block.IsNone && _use[block.Index] == BlockUse.Masked)
            {
                Unmask(block);
                _use[block.Index] = BlockUse.Emptying;
            }

            (Frame first, int count) = block.IsNone ? (at, _frames.PageBlockFrames) : _blocks.CoverOf(block);
            at = block.IsNone ? at.HeadAt(_frames.PageBlockOrder) + count : first + count;
        }
    }

    /// <summary>The tagged pages of a block are to move out: what is free in it is ordinary memory again.</summary>
    public void BeginEmptying(BlockId block)
    {
        Unmask(block);
        _use[block.Index] = BlockUse.Emptying;
    }

    /// <summary>A block that could not be emptied takes tagged pages again, after all others that are as full.</summary>
    public void EndEmptying(BlockId block)
    {
        if (_use[block.Index] != BlockUse.Emptying)
        {
            return;
        }

        _use[block.Index] = BlockUse.Ordinary;
        if (CanMask(block))
        {
            Mask(block);
            List(block, ZoneOf(block), toTail: true);
        }
    }

    /// <summary>A block has lost its last tagged page, and its storage goes back: so do its frames.</summary>
    public void Leave(BlockId block)
    {
        if (_use[block.Index] == BlockUse.Masked)
        {
            Unmask(block);
        }

        _use[block.Index] = BlockUse.Ordinary;
    }

    /// <summary>No block stands ready without tagged pages, but for those of the reserve.</summary>
    public bool IsWantedReady(Zone zone, int free) =>
        _blocks.ReservedBlocks > PackRule.FewActive && zone.ReadyFrames - free < _rule.Ready;

    private BlockId FullestWith(Zone zone, int order)
    {
        int left = MostBlocksSearched;
        for (int fill = BlockClasses.Count - 1; fill >= 0; fill--)
        {
            for (BlockId block = Classes.First(zone, fill); !block.IsNone && left > 0; block = Classes.After(block), left--)
            {
                if (Masks.HasRun(block, order))
                {
                    return block;
                }
            }
        }

        return BlockId.None;
    }

    private Frame TakeFrom(BlockId block, Zone zone, int order)
    {
        Frame frame = Masks.TakeRun(block, order);
        for (Frame part = frame; part < frame + (1 << order); part++)
        {
            _frames[part].Become(FrameState.Covered, 0);
        }

        zone.ReadyFrames -= 1 << order;
        if (Masks.FreeOf(block) == 0)
        {
            Classes.Remove(block);
        }

        return frame;
    }

    private void Lend(BlockId block, CpuId cpu)
    {
        Leave(block);
        _recall.Lend(block, cpu);
    }

    private void List(BlockId block, Zone zone, bool toTail = false) => Classes.Put(
        block, zone, BlockClasses.ClassOf(_blocks.ReferencesOf(block), _blocks.CoverOf(block).Count), toTail);

    /// <summary>Pages of a block were tagged or freed: it goes to the list of its kind.</summary>
    private void Refer(BlockId block, int change)
    {
        if (_use[block.Index] == BlockUse.Masked)
        {
            if (Classes.IsListed(block))
            {
                List(block, ZoneOf(block));
            }
        }
        else if (change < 0 && _use[block.Index] == BlockUse.Ordinary && _blocks.ReferencesOf(block) > 0
            && _blocks.StateOf(block) == TagBlockState.Reserved && CanMask(block))
        {
            // A part of a huge page that was split is gone: what is left takes tagged pages like any other.
            Mask(block);
        }
    }

    /// <summary>A page was tagged where it lies, in a block that was not active.</summary>
    public void Adopt(Frame frame)
    {
        BlockId block = _blocks.BlockOf(frame);
        if (_use[block.Index] == BlockUse.Ordinary && _blocks.StateOf(block) == TagBlockState.Reserved && CanMask(block))
        {
            Mask(block);
        }
    }

    private bool CanMask(BlockId block)
    {
        (Frame first, int count) = _blocks.CoverOf(block);
        return _search.EndsWithin(first, count);
    }

    private void Mask(BlockId block)
    {
        (Frame first, int count) = _blocks.CoverOf(block);
        Zone zone = _zones[_frames[first].Zone];
        for (Frame at = first; at < first + count;)
        {
            int span = _buddy.FindChunk(at, 0).IsNone ? Math.Max(1, 1 << _frames[at].Order) : TakeReady(block, at, first + count, zone);
            for (Frame part = at; part < at + span; part++)
            {
                _frames[part].MoveToSet(StorageSets.Tagged);
            }

            at += span;
        }

        _use[block.Index] = BlockUse.Masked;
        MaskedBlocks++;
        if (Masks.FreeOf(block) > 0)
        {
            List(block, zone);
        }
    }

    /// <summary>Takes the largest chunk at a free frame off the buddy lists that ends within a block.</summary>
    private int TakeReady(BlockId block, Frame at, Frame end, Zone zone)
    {
        int order = Math.Min(_frames.LargestOrder, BitOperations.TrailingZeroCount(at.Index));
        while (1 << order > end - at || _buddy.FindChunk(at, order).IsNone)
        {
            order--;
        }

        _buddy.TakeExact(at, order);
        for (Frame part = at; part < at + (1 << order); part++)
        {
            _frames[part].Become(FrameState.Ready, 0);
            Masks.Add(block, part);
        }

        zone.ReadyFrames += 1 << order;
        return 1 << order;
    }

    private void Unmask(BlockId block)
    {
        (Frame first, int count) = _blocks.CoverOf(block);
        Classes.Remove(block);
        MaskedBlocks--;
        for (Frame at = first; at < first + count; at++)
        {
            _frames[at].MoveToSet(StorageSets.Data);
        }

        Zone zone = ZoneOf(block);
        zone.ReadyFrames -= Masks.FreeOf(block);
        for (int order = _search.BlockOrder; order >= 0; order--)
        {
            while (Masks.TakeRun(block, order) is { IsNone: false } frame)
            {
                for (Frame part = frame; part < frame + (1 << order); part++)
                {
                    _frames[part].Become(FrameState.Covered, 0);
                }

                _buddy.Free(frame, order, _frames.BlockType(frame));
            }
        }
    }
}
