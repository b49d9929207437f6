using Palimpsest.Kernel;
using Palimpsest.Kernel.Frames;

namespace Palimpsest.Lab.Metrics;

/// <summary>One cell for each pageblock: the use that most of its pages are put to.</summary>
internal static class MemoryMapPicture
{
    public static byte[] Of(MemorySystem system)
    {
        FrameTable frames = system.Frames;
        byte[] cells = new byte[frames.PageBlocks];
        Span<int> counts = stackalloc int[PageUses.Count];
        for (int block = 0; block < cells.Length; block++)
        {
            counts.Clear();
            int first = block * frames.PageBlockFrames;
            foreach ((int from, int end, PageUse use) in new PageUses(frames, first, first + frames.PageBlockFrames))
            {
                counts[(int)use] += end - from;
            }

            cells[block] = (byte)MostOf(counts);
        }

        return cells;
    }

    private static int MostOf(ReadOnlySpan<int> counts)
    {
        int most = 0;
        for (int use = 1; use < counts.Length; use++)
        {
            most = counts[use] > counts[most] ? use : most;
        }

        return most;
    }
}
