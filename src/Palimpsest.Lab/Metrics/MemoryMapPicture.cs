using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;
using Palimpsest.Vocabulary;

namespace Palimpsest.Lab.Metrics;

/// <summary>What a pageblock mostly is, for the map of physical memory. Values are stable: reports store them.</summary>
public enum MapCell : byte
{
    /// <summary>No page.</summary>
    Absent = 0,

    /// <summary>Free.</summary>
    Free = 1,

    /// <summary>Data.</summary>
    InUse = 2,

    /// <summary>Data with tags.</summary>
    Tagged = 3,

    /// <summary>Tag storage that is lent and free.</summary>
    StorageFree = 4,

    /// <summary>Tag storage that holds data.</summary>
    StorageLent = 5,

    /// <summary>Tag storage that holds tags.</summary>
    StorageReserved = 6,

    /// <summary>Never the allocator's.</summary>
    Kept = 7,
}

/// <summary>One cell for each pageblock: the state that most of its frames are in.</summary>
internal static class MemoryMapPicture
{
    public static byte[] Of(MemorySystem system)
    {
        FrameTable frames = system.Frames;
        byte[] cells = new byte[frames.PageBlocks];
        int[] counts = new int[(int)MapCell.Kept + 1];
        MapCell current = MapCell.Absent;
        Frame coveredUntil = new(0);
        for (Frame frame = new(0); frame.Index < frames.Count; frame++)
        {
            ref PageFrame at = ref frames[frame];
            if (at.State != FrameState.Covered && frame >= coveredUntil)
            {
                current = CellOf(at);
                coveredUntil = frame + (1 << at.Order);
            }

            counts[(int)current]++;
            if ((frame.Index & (frames.PageBlockFrames - 1)) == frames.PageBlockFrames - 1)
            {
                cells[frame.Index >> frames.PageBlockOrder] = (byte)Array.IndexOf(counts, counts.Max());
                Array.Clear(counts);
            }
        }

        return cells;
    }

    private static MapCell CellOf(in PageFrame frame) => (frame.State, frame.Has(FrameFlags.TagStorage)) switch
    {
        (FrameState.Absent, _) => MapCell.Absent,
        (FrameState.Held, true) => MapCell.StorageReserved,
        (FrameState.Free or FrameState.PerCpu, true) => MapCell.StorageFree,
        (FrameState.Allocated, true) => MapCell.StorageLent,
        (FrameState.Free or FrameState.PerCpu or FrameState.Ready, false) => MapCell.Free,
        (FrameState.Allocated, false) => frame.Has(FrameFlags.Tagged) ? MapCell.Tagged : MapCell.InUse,
        _ => MapCell.Kept,
    };
}
