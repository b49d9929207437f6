using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>How a block becomes active, for a request or ahead of one.</summary>
internal sealed partial class ActiveBlocks
{
    public bool TryActivate(Zone zone, int order)
    {
        BlockId block = Choice.Find(zone, order, isStorageFree: true);
        bool isActive = !block.IsNone && TryActivate(block);
        _counters.ReservedFree += isActive ? 1 : 0;
        return isActive;
    }

    /// <summary>The same of a block.</summary>
    public bool TryActivate(BlockId block)
    {
        bool isTaken = _recall.TryTakeFree(block);
        if (isTaken)
        {
            Mask(block);
        }

        return isTaken;
    }

    /// <summary>As <see cref="TryActivate(Zone, int)"/>, of a block whose storage holds data, which move out first; of any zone.</summary>
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

    /// <summary>As <see cref="TryActivate(Zone, int)"/>, of the best block of all, by somebody who has time to empty it.</summary>
    public ValueTask<bool> TryActivateBest(Zone zone, CpuId cpu) => TryActivateBusy(Choice.FindBest(zone), cpu);

    private async ValueTask<bool> TryActivateBusy(Zone zone, int order, CpuId cpu)
    {
        BlockId block = Choice.Find(zone, order, isStorageFree: false);
        bool isActive = await TryActivateBusy(block, cpu);
        while (!isActive && !block.IsNone && Choice.HasAnother(block))
        {
            block = Choice.Find(zone, order, isStorageFree: false);
            isActive = await TryActivateBusy(block, cpu);
        }

        return isActive;
    }

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

    /// <summary>A block that was made active for a request that then failed goes back at once.</summary>
    public void GiveBackUnused()
    {
        if (!_made.IsNone && _isMasked[_made.Index] && _blocks.ReferencesOf(_made) == 0
            && !Keeps(_made))
        {
            Lend(_made, CpuId.Boot);
        }

        _made = BlockId.None;
    }
}
