using Palimpsest.Kernel.Frames;
using Palimpsest.Kernel.Migration;
using Palimpsest.Vocabulary;

namespace Palimpsest.Kernel;

/// <summary>
/// Where compaction moves a page of a replay: to the highest page that is free in a movable or CMA block, tag storage or not (R33;
/// isolate_freepages, mm/compaction.c, 6.12).
/// </summary>
/// <param name="above">The scanners meet there.</param>
internal sealed class CompactionTarget(MemorySystem memory, Frame above) : IMigrationTarget
{
    public ValueTask<Frame> Allocate(Zone from, Order order, bool isTagged, CpuId cpu)
    {
        FrameTable frames = memory.Frames;
        for (Frame frame = new(frames.Count - 1); frame > above; frame--)
        {
            if (frames[frame].State == FrameState.Free && frames.BlockType(frame) is MigrateType.Movable or MigrateType.Cma)
            {
                Frame last = frame + (1 << frames[frame].Order) - 1;
                return ValueTask.FromResult(memory.TryOccupy(last, owner: 0, isMovable: true) ? last : Frame.None);
            }
        }

        return ValueTask.FromResult(Frame.None);
    }

    public void FreeSource(Frame frame, CpuId cpu) => memory.GiveBack(frame, cpu);
}
