using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Lab.Snapshots;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Fidelity;

/// <summary>The model's free lists as /proc/pagetypeinfo would show them.</summary>
public static class ModelChunks
{
    /// <summary>Free chunks on the buddy lists of all zones, as pagetypeinfo counts them.</summary>
    public static FreeChunkCounts Of(MemorySystem system)
    {
        FreeChunkCounts counts = new(system.Frames.LargestOrder);
        foreach (Zone zone in system.Zones.Where(zone => zone.Start < zone.End))
        {
            for (int type = 0; type < MigrateTypes.Count; type++)
            {
                for (int order = 0; order <= system.Frames.LargestOrder; order++)
                {
                    counts.Chunks[type][order] += system.Guided.ListOf(zone.Start, order, (MigrateType)type, int.MaxValue).Count;
                }
            }
        }

        for (int block = 0; block < system.Frames.PageBlocks; block++)
        {
            Frame frame = new(block << system.Frames.PageBlockOrder);
            counts.Blocks[(int)system.Frames.BlockType(frame)] += system.Frames[frame].State == FrameState.Absent ? 0 : 1;
        }

        return counts;
    }
}
