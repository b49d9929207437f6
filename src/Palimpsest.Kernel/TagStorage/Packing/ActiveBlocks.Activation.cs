using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Machine.Memory;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.TagStorage.Packing;

/// <summary>How a block becomes active, for a request or ahead of one.</summary>
internal sealed partial class ActiveBlocks
{
    public bool TryActivate(Zone zone, CpuId cpu, int order)
    {
        BlockId block = Choice.Find(zone, order, isStorageFree: true);
        bool isActive = !block.IsNone && TryActivate(block);
        if (isActive)
        {
            _counters.ReservedFree++;
            _made[cpu.Index] = block;
            // Who made it has it: behind many others it would not be found.
            _current[(zone.Index * _cpus) + cpu.Index] = block;
        }

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

    /// <summary>The same of a block whose storage holds data, which move out first; of any zone that may be used.</summary>
    public async ValueTask<bool> TryActivateBusy(AllocationRequest request)
    {
        foreach (Zone zone in _order.Of(request.Node))
        {
            if (MayUse(zone, request) && HasMemoryToSpare(zone, request) && await TryActivateBusy(zone, request.Order.Value, request.Cpu))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// What is free in a block that is made active is out of reach of whoever reclaims for tagged pages, so that a request that can be
    /// reclaimed for leaves the reserves alone.
    /// </summary>
    private static bool HasMemoryToSpare(Zone zone, AllocationRequest request) => request.Effort switch
    {
        AllocationEffort.LowWatermark => Watermark.Missing(zone, zone.Watermarks.Low, ZoneKind.Movable) == 0,
        AllocationEffort.MinWatermark => Watermark.Missing(zone, zone.Watermarks.Min, ZoneKind.Movable) == 0,
        _ => true,
    };

    private static bool MayUse(Zone zone, AllocationRequest request)
    {
        Search search = new(request, default);
        return !zone.IsTagStorage && zone.Kind <= search.Highest && (!search.IsThisNodeOnly || zone.Node == search.Node);
    }

    /// <summary>As <see cref="TryActivate(Zone, CpuId, int)"/>, of the best block of all, by somebody who has time to empty it.</summary>
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
            _made[cpu.Index] = block;
        }

        bool hasRoom = _isMasked[block.Index] && Masks.FreeOf(block) > 0;
        if (hasRoom)
        {
            _current[(ZoneOf(block).Index * _cpus) + cpu.Index] = block;
        }

        if (!hasRoom && IsUnused(block))
        {
            // What left the storage moved in here.
            Lend(block, cpu);
        }

        return hasRoom;
    }

    /// <summary>Somebody looked at all that a block covers.</summary>
    public void CountSearched(BlockId block) => _counters.FramesSearched += _blocks.CoverOf(block).Count;

    /// <summary>A block that was made active for a request that then failed goes back at once.</summary>
    public void GiveBackUnused(CpuId cpu)
    {
        BlockId made = _made[cpu.Index];
        if (!made.IsNone && _isMasked[made.Index] && IsUnused(made) && !Keeps(made))
        {
            Lend(made, cpu);
        }

        _made[cpu.Index] = BlockId.None;
    }
}
