using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Ports;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>How frames come back to an active block, and when the block itself goes back.</summary>
internal sealed partial class ActiveBlocks
{
    /// <summary>No tagged page is in it, nor about to be.</summary>
    public bool IsUnused(BlockId block) => _blocks.ReferencesOf(block) == 0 && _inHand[block.Index] == 0;

    /// <summary>No block stands ready without tagged pages, but for those of the reserve.</summary>
    public bool Keeps(BlockId block) => KeepsFree(block, freed: 0)
        || (_blocks.ReservedBlocks > PackRule.FewActive && ReadyFrames - Masks.FreeOf(block) < Rule.Ready);

    /// <summary>Free pages in active blocks of all zones.</summary>
    public int ReadyFrames
    {
        get
        {
            int ready = 0;
            foreach (Zone zone in _zones)
            {
                ready += zone.ReadyFrames;
            }

            return ready;
        }
    }

    /// <summary>Does a block stay active because of its free pages, whatever the reserve?</summary>
    /// <param name="freed">Frames of it that are about to be free.</param>
    public bool KeepsFree(BlockId block, int freed) => _isMasked[block.Index] && !_home.GivesBack(ViewOf(block, freed));

    public void Free(Frame frame, int order)
    {
        // A folio that a recording made of single pages may lie in two blocks.
        for (Frame at = frame; at < frame + (1 << order);)
        {
            BlockId block = _blocks.BlockOf(at);
            (Frame first, int count) = _blocks.CoverOf(block);
            Frame end = Frame.Min(frame + (1 << order), first + count);
            Free(block, at, end);
            at = end;
        }
    }

    private void Free(BlockId block, Frame from, Frame end)
    {
        for (Frame at = from; at < end; at++)
        {
            _frames[at].Become(FrameState.Ready, 0);
            Masks.Add(block, at);
        }

        Zone zone = ZoneOf(block);
        zone.ReadyFrames += end - from;
        if (IsUnused(block) && !Keeps(block))
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
            if (!block.IsNone && _isMasked[block.Index] && IsUnused(block))
            {
                // A block that only stands ready has nobody to wait for.
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

    /// <summary>Gives a block without tagged pages back.</summary>
    public void Lend(BlockId block, CpuId cpu)
    {
        Leave(block);
        _recall.Lend(block, cpu);
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
                if (IsUnused(waiting) && !Keeps(waiting))
                {
                    Unmask(waiting);
                    _recall.Lend(waiting, CpuId.Boot);
                }

                waiting = next;
            }
        }
    }
}
