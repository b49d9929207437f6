using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>Guests: single pages of data in active blocks, where tagged pages could be.</summary>
internal sealed partial class ActiveBlocks
{
    /// <summary>Blocks with guests that are looked at for one that can be dropped.</summary>
    private const int MostGuestBlocks = 4;

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
            if (MayUse(zone, request) && await TryEvictGuest(zone, request.Cpu, maySleep))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same, of a zone.</summary>
    public async ValueTask<bool> TryEvictGuest(Zone zone, CpuId cpu, bool maySleep)
    {
        Frame movable = Frame.None;
        int left = MostGuestBlocks;
        int seen = MostBlocksSearched;
        for (BlockId block = Classes.First(zone, Spent); !block.IsNone && left > 0 && seen > 0; block = Classes.After(block), seen--)
        {
            (Frame first, int count) = _blocks.CoverOf(block);
            if (_blocks.ReferencesOf(block) < count)
            {
                left--;
                CountSearched(block);
                if (TryDropGuest(first, first + count, cpu))
                {
                    return true;
                }

                movable = movable.IsNone ? NextGuest(first, first + count) : movable;
            }
        }

        return maySleep && !movable.IsNone && await TryMoveGuest(movable, cpu);
    }

    private bool TryDropGuest(Frame first, Frame end, CpuId cpu)
    {
        for (Frame guest = NextGuest(first, end); !guest.IsNone; guest = NextGuest(guest + 1, end))
        {
            if (_migration.TryDropAtOnce(guest, cpu))
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<bool> TryMoveGuest(Frame guest, CpuId cpu)
    {
        bool isMoved = await _migration.Move(guest, cpu) == MigrationOutcome.Done;
        _counters.TagMigratedFrames += isMoved ? 1 : 0;
        _counters.GuestFrames += isMoved ? 1 : 0;
        return isMoved;
    }

    /// <summary>First data page from a frame on that can move; none where there are none.</summary>
    private Frame NextGuest(Frame from, Frame end)
    {
        for (Frame at = from; at < end; at++)
        {
            ref PageFrame page = ref _frames[at];
            if (page is { State: FrameState.Allocated, Order: 0, CanMove: true } && !page.Has(FrameFlags.StorageReserved))
            {
                return at;
            }
        }

        return Frame.None;
    }
}
