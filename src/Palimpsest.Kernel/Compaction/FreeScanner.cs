using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Kernel.Owners;
using Palimpsest.Kernel.PageAllocator;
using Palimpsest.Kernel.Steps;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel.Compaction;

/// <summary>
/// Destinations as compaction of Linux finds them: free pages of movable and CMA blocks, from the top of memory downwards,
/// taken under the zone lock (isolate_freepages, mm/compaction.c, 6.1). It does not ask whether they lie in tag storage (R33).
/// </summary>
internal sealed class FreeScanner(MemorySystem memory, FolioTable folios, KernelRuntime runtime) : IMigrationTarget
{
    /// <summary>A free frame; a folio of one page is all that it can serve.</summary>
    public async ValueTask<Frame> Allocate(Zone from, Order order, bool isTagged, CpuId cpu)
    {
        if (isTagged && memory.Place.HasActiveBlocks)
        {
            return await FromActiveBlock(from, order, cpu);
        }

        await runtime.Take(runtime.Locks.Zone);
        bool reserves = isTagged && !runtime.Has(Safeguards.ReserveOutsideZoneLock);
        Frame frame = order.Value == 0 ? TakeTop(passStorage: reserves) : Frame.None;
        bool isServed = !frame.IsNone && (!reserves || await memory.Tagged.TryReserve(frame, cpu));
        runtime.Locks.Zone.Release();
        if (isServed)
        {
            return frame;
        }

        if (!frame.IsNone)
        {
            FreeSource(frame, cpu);
        }

        return Frame.None;
    }

    public void FreeSource(Frame frame, CpuId cpu) => folios.Put(frame, cpu);

    /// <summary>A tagged page goes where tagged pages are; free pages at the top of memory have no storage that is active.</summary>
    private async ValueTask<Frame> FromActiveBlock(Zone from, Order order, CpuId cpu)
    {
        Frame frame = await Destination.Take(memory, from, order, isTagged: true, cpu, AllocationEffort.MinWatermark);
        if (!frame.IsNone)
        {
            folios.Begin(frame);
        }

        return frame;
    }

    private Frame TakeTop(bool passStorage)
    {
        FrameTable frames = memory.Frames;
        for (Frame frame = new(frames.Count - 1); !frame.IsNone; frame--)
        {
            bool isWanted = frames.BlockType(frame) is MigrateType.Movable or MigrateType.Cma
                && !(passStorage && frames[frame].Has(FrameFlags.TagStorage));
            if (isWanted && memory.TryOccupy(frame, owner: 0, isMovable: true))
            {
                folios.Begin(frame);
                return frame;
            }
        }

        return Frame.None;
    }
}
