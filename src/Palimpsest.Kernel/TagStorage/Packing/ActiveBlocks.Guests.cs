using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>Guests: data in active blocks, where tagged pages could be.</summary>
internal sealed partial class ActiveBlocks
{
    /// <summary>
    /// Takes a guest out of an active block, so that no other need be made active: one that can be read again is dropped, one that can
    /// move is moved if the request may wait for it. False: there is none.
    /// </summary>
    public async ValueTask<bool> TryEvictGuest(AllocationRequest request, bool maySleep)
    {
        if (!Rule.Moves || request.Order.Value > 0)
        {
            return false;
        }

        foreach (Zone zone in _order.Of(request.Node))
        {
            if (MayUse(zone, request) && (TryDropGuest(zone, request.Cpu) || (maySleep && await TryMoveGuest(zone, request.Cpu))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>First data of a block that can move; none where there are none.</summary>
    public Frame GuestOf(BlockId block)
    {
        (Frame first, int count) = _blocks.CoverOf(block);
        return NextGuest(first, first + count);
    }

    private bool TryDropGuest(Zone zone, CpuId cpu)
    {
        int left = MostBlocksSearched;
        for (BlockId block = Classes.First(zone, Spent); !block.IsNone && left > 0; block = Classes.After(block), left--)
        {
            (Frame first, int count) = _blocks.CoverOf(block);
            for (Frame guest = GuestOf(block); !guest.IsNone; guest = NextGuest(guest + 1, first + count))
            {
                if (_migration.TryDropAtOnce(guest, cpu))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async ValueTask<bool> TryMoveGuest(Zone zone, CpuId cpu)
    {
        int left = MostBlocksSearched;
        Frame guest = Frame.None;
        for (BlockId block = Classes.First(zone, Spent); !block.IsNone && guest.IsNone && left > 0; block = Classes.After(block), left--)
        {
            guest = GuestOf(block);
        }

        return !guest.IsNone && await TryMoveOut(guest, cpu);
    }

    /// <summary>Moves a guest to where no tagged pages are.</summary>
    public async ValueTask<bool> TryMoveOut(Frame guest, CpuId cpu)
    {
        int count = 1 << _frames[guest].Order;
        if (await _migration.Move(guest, cpu) != MigrationOutcome.Done)
        {
            return false;
        }

        _counters.TagMigratedFrames += count;
        _counters.GuestFrames += count;
        return true;
    }

    private Frame NextGuest(Frame from, Frame end)
    {
        for (Frame at = from; at < end; at++)
        {
            ref PageFrame page = ref _frames[at];
            if (page.State == FrameState.Allocated && page.CanMove && !page.Has(FrameFlags.StorageReserved))
            {
                return at;
            }
        }

        return Frame.None;
    }
}
