using Palimpsest.Kernel.Contiguous;
using Palimpsest.Kernel.Costs;
using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>
/// Blocks whose storage is active: tagged pages come from these alone, and each goes back with its last one. Where their free frames
/// are is written in a mask for each block, so that no request for data can take one.
/// </summary>
internal sealed partial class ActiveBlocks : IActiveBlocks
{
    /// <summary>Blocks looked at for a folio of several pages before another is made active.</summary>
    private const int MostBlocksSearched = 32;

    /// <summary>The class behind all others: no page free, and none tagged when data took the last.</summary>
    public const int Spent = ActiveBlockView.Classes;

    private readonly FrameTable _frames;
    private readonly Zone[] _zones;
    private readonly TagBlocks _blocks;
    private readonly BlockRecall _recall;
    private readonly ActivationSearch _search;
    private readonly MaskedFrames _masked;
    private readonly FolioMigration _migration;
    private readonly StorageHome _home;
    private readonly KernelCounters _counters;
    private readonly bool[] _isMasked;
    private readonly ushort[] _unmovable;
    private readonly int[] _inHand;
    private readonly BlockId[] _made;
    private readonly BlockId[] _current;
    private readonly int _cpus;
    private readonly NodeOrder _order;
    private BlockId _victim = BlockId.None;

    public ActiveBlocks(FrameTable frames, Zone[] zones, TagBlocks blocks, Buddy buddy, BlockRecall recall, ContiguousAllocator contiguous,
        FolioMigration migration, StorageHome home, KernelCounters counters)
    {
        _migration = migration;
        (_frames, _zones, _blocks, _recall, _home, _counters) = (frames, zones, blocks, recall, home, counters);
        _search = new ActivationSearch(frames, blocks, buddy, contiguous, counters);
        Choice = _search;
        Masks = new BlockMasks(blocks);
        _masked = new MaskedFrames(frames, blocks, buddy, Masks, _search);
        Classes = new BlockClasses(blocks.Count, zones.Length, Spent + 1);
        _isMasked = new bool[blocks.Count];
        _unmovable = new ushort[blocks.Count];
        _inHand = new int[blocks.Count];
        _cpus = zones[0].PerCpu.Length;
        _order = new NodeOrder(zones);
        _made = new BlockId[_cpus];
        _made.AsSpan().Fill(BlockId.None);
        _current = new BlockId[zones.Length * _cpus];
        _current.AsSpan().Fill(BlockId.None);
        blocks.ReferencesChanged = Refer;
        buddy.Active = this;
    }

    public BlockMasks Masks { get; }

    public BlockClasses Classes { get; }

    /// <summary>Which block is made active; by search, unless somebody keeps lists of them.</summary>
    public IActivationChoice Choice { get; set; }

    public PackRule Rule => _home.Packing;

    public BlockUse UseOf(BlockId block) => _isMasked[block.Index] ? BlockUse.Masked
        : _blocks.StateOf(block) == TagBlockState.Reserved ? BlockUse.Emptying : BlockUse.Lent;

    /// <summary>Folios that could not move when a block was made active.</summary>
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

    public Frame Borrow(Zone zone, MigrateType type)
    {
        if (type != MigrateType.Movable && !Rule.LendsToAll)
        {
            return Frame.None;
        }

        for (int fill = 0; fill < ActiveBlockView.Classes && zone.ReadyFrames > Rule.Ready; fill++)
        {
            BlockId block = Classes.First(zone, fill);
            if (!block.IsNone && Masks.FreeOf(block) > 0)
            {
                _counters.BorrowedFrames++;
                return TakeFrom(block, zone, order: 0);
            }
        }

        return Frame.None;
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
            if (Masks.FreeOf(block) > 0)
            {
                // What was free when it was chosen may have been taken meanwhile.
                List(block, ZoneOf(block), toTail: true);
            }
        }
    }

    /// <summary>A page was taken for a tagged request that has yet to refer to its block, which must stay active for it.</summary>
    /// <param name="change">1, and -1 when it refers to it, or is about to be given back.</param>
    public void Hold(Frame frame, int change)
    {
        if (_blocks.BlockOf(frame) is { IsNone: false } block)
        {
            _inHand[block.Index] += change;
        }
    }

    private BlockId FullestWith(Zone zone, int order)
    {
        int left = MostBlocksSearched;
        for (int fill = ActiveBlockView.Classes - 1; fill >= 0; fill--)
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
            Classes.Put(block, zone, Spent);
        }

        return frame;
    }

    private void List(BlockId block, Zone zone, bool toTail = false) =>
        Classes.Put(block, zone, _home.ClassOf(ViewOf(block, freed: 0)), toTail);

    private ActiveBlockView ViewOf(BlockId block, int freed) =>
        new(_blocks.ReferencesOf(block), Masks.FreeOf(block) + freed, Math.Max(1, _blocks.CoverOf(block).Count));

    /// <summary>Pages of a block were tagged or freed: it goes to the list of its kind.</summary>
    private void Refer(BlockId block, int change)
    {
        if (_isMasked[block.Index])
        {
            if (Masks.FreeOf(block) > 0)
            {
                List(block, ZoneOf(block));
            }
        }
        else if (change < 0 && _blocks.ReferencesOf(block) > 0)
        {
            // A part of a huge page that was split is gone, say: what is left takes tagged pages like any other.
            Adopt(block);
        }
    }

    /// <summary>A page was tagged where it lies, in a block that was not active.</summary>
    public void Adopt(Frame frame) => Adopt(_blocks.BlockOf(frame));

    private void Adopt(BlockId block)
    {
        if (block != _victim && UseOf(block) == BlockUse.Emptying && CanMask(block))
        {
            Mask(block);
        }
    }

    private void Mask(BlockId block)
    {
        Zone zone = ZoneOf(block);
        _unmovable[block.Index] = (ushort)_masked.Mask(block, zone);
        _isMasked[block.Index] = true;
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
