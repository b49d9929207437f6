using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

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
    private readonly BlockRecall _recall;
    private readonly ActivationSearch _search;
    private readonly MaskedFrames _masked;
    private readonly KernelCounters _counters;
    private readonly bool[] _isMasked;
    private readonly byte[] _unmovable;
    private readonly BlockId[] _current;
    private readonly int _cpus;
    private BlockId _victim = BlockId.None;
    private BlockId _made = BlockId.None;

    public ActiveBlocks(FrameTable frames, Zone[] zones, TagBlocks blocks, Buddy buddy, BlockRecall recall, ContiguousAllocator contiguous,
        PackRule rule, KernelCounters counters)
    {
        (_frames, _zones, _blocks, _recall, Rule, _counters) = (frames, zones, blocks, recall, rule, counters);
        _search = new ActivationSearch(frames, blocks, buddy, contiguous, counters);
        Masks = new BlockMasks(blocks);
        _masked = new MaskedFrames(frames, blocks, buddy, Masks, _search);
        Classes = new BlockClasses(blocks.Count, zones.Length);
        _isMasked = new bool[blocks.Count];
        _unmovable = new byte[blocks.Count];
        _cpus = zones[0].PerCpu.Length;
        _current = new BlockId[zones.Length * _cpus];
        _current.AsSpan().Fill(BlockId.None);
        blocks.ReferencesChanged = Refer;
        buddy.Active = this;
    }

    public BlockMasks Masks { get; }

    public BlockClasses Classes { get; }

    public PackRule Rule { get; }

    public BlockUse UseOf(BlockId block) => _isMasked[block.Index] ? BlockUse.Masked
        : _blocks.StateOf(block) == TagBlockState.Reserved ? BlockUse.Emptying : BlockUse.Lent;

    /// <summary>Folios that could not move when a block was made active; up to 255.</summary>
    public int UnmovableOf(BlockId block) => _unmovable[block.Index];

    /// <summary>Nothing reaches out of a block, and none of it is on a per-CPU list.</summary>
    public bool CanMask(BlockId block) => _masked.CanMask(block);

    public Zone ZoneOf(BlockId block) => _zones[_frames[_blocks.CoverOf(block).First].Zone];

    public bool Fits(int order) => order <= _search.BlockOrder;

    public Frame Take(Zone zone, CpuId cpu, int order)
    {
        ref BlockId current = ref _current[(zone.Index * _cpus) + cpu.Index];
        BlockId block = current;
        if (block.IsNone || !_isMasked[block.Index] || !Masks.HasRun(block, order))
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
        if (CanMask(block))
        {
            Mask(block);
        }

        bool hasRoom = _isMasked[block.Index] && Masks.FreeOf(block) > 0;
        if (!hasRoom && _blocks.ReferencesOf(block) == 0)
        {
            // What left the storage moved in here.
            Lend(block, cpu);
        }

        return hasRoom;
    }

    public Frame Borrow(Zone zone)
    {
        for (int fill = 0; fill < BlockClasses.Count && zone.ReadyFrames > Rule.Ready; fill++)
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
            if (!block.IsNone && _isMasked[block.Index] && _blocks.ReferencesOf(block) == 0)
            {
                Lend(block, CpuId.Boot);
            }
            else if (!block.IsNone && _isMasked[block.Index])
            {
                Unmask(block);
            }

            (Frame first, int count) = block.IsNone ? (at, _frames.PageBlockFrames) : _blocks.CoverOf(block);
            at = block.IsNone ? at.HeadAt(_frames.PageBlockOrder) + count : first + count;
        }
    }

    /// <summary>The tagged pages of a block are to move out: what is free in it is ordinary memory again.</summary>
    public void BeginEmptying(BlockId block)
    {
        Unmask(block);
        _victim = block;
    }

    /// <summary>A block that could not be emptied takes tagged pages again, after all others that are as full.</summary>
    public void EndEmptying(BlockId block)
    {
        _victim = BlockId.None;
        if (UseOf(block) == BlockUse.Emptying && CanMask(block))
        {
            Mask(block);
            List(block, ZoneOf(block), toTail: true);
        }
    }

    /// <summary>A block has lost its last tagged page, and its storage goes back: so do its frames.</summary>
    public void Leave(BlockId block)
    {
        if (_isMasked[block.Index])
        {
            Unmask(block);
        }

        for (int zone = 0; zone < _zones.Length && _blocks.ReservedBlocks <= PackRule.FewActive; zone++)
        {
            // So few are left that none need stand ready.
            for (BlockId waiting = Classes.First(_zones[zone], 0); !waiting.IsNone;)
            {
                BlockId next = Classes.After(waiting);
                if (_blocks.ReferencesOf(waiting) == 0)
                {
                    Unmask(waiting);
                    _recall.Lend(waiting, CpuId.Boot);
                }

                waiting = next;
            }
        }
    }

    /// <summary>A block that was made active for a request that then failed goes back at once.</summary>
    public void GiveBackUnused()
    {
        if (!_made.IsNone && _isMasked[_made.Index] && _blocks.ReferencesOf(_made) == 0
            && !IsWantedReady(ZoneOf(_made), Masks.FreeOf(_made)))
        {
            Lend(_made, CpuId.Boot);
        }

        _made = BlockId.None;
    }

    /// <summary>No block stands ready without tagged pages, but for those of the reserve.</summary>
    public bool IsWantedReady(Zone zone, int free) =>
        _blocks.ReservedBlocks > PackRule.FewActive && zone.ReadyFrames - free < Rule.Ready;

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
        if (_isMasked[block.Index])
        {
            if (Classes.IsListed(block))
            {
                List(block, ZoneOf(block));
            }
        }
        else if (change < 0 && block != _victim && _blocks.ReferencesOf(block) > 0)
        {
            // A part of a huge page that was split is gone, say: what is left takes tagged pages like any other.
            Adopt(block);
        }
    }

    /// <summary>A page was tagged where it lies, in a block that was not active.</summary>
    public void Adopt(Frame frame) => Adopt(_blocks.BlockOf(frame));

    private void Adopt(BlockId block)
    {
        if (UseOf(block) == BlockUse.Emptying && CanMask(block))
        {
            Mask(block);
        }
    }

    private void Mask(BlockId block)
    {
        Zone zone = ZoneOf(block);
        _unmovable[block.Index] = (byte)Math.Min(byte.MaxValue, _masked.Mask(block, zone));
        _isMasked[block.Index] = true;
        _made = block;
        if (Masks.FreeOf(block) > 0)
        {
            List(block, zone);
        }
    }

    private void Unmask(BlockId block)
    {
        Classes.Remove(block);
        _isMasked[block.Index] = false;
        _masked.Unmask(block, ZoneOf(block));
    }
}
